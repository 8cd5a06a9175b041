namespace Coord.JepsenLike.Faults;

/// <summary>A node's disk has failed, and it goes on as if nothing were.</summary>
internal sealed class NotStoppedException(string message) : Exception(message);
