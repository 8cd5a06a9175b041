namespace Coord.StateMachine.Tests;

/// <summary>A session as its connection knows it.</summary>
internal sealed record TestSession(long Id, long Attachment, byte[] PasswordHash);
