namespace Coord.Raft.Tests;

/// <summary>A read barrier passed at an index that does not cover what was committed before it.</summary>
public sealed class StaleReadException(string message) : Exception(message);
