namespace Coord.StateMachine.Tests;

/// <summary>Index, time and session of a request for the naive model.</summary>
internal sealed record ModelContext(long Zxid, long TimeMs, long Session);
