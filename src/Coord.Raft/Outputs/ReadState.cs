namespace Coord.Raft;

/// <summary>A read barrier passed: a read that sees everything up to the index is linearizable.</summary>
/// <param name="Token">As in <see cref="ReadBarrier"/>.</param>
/// <param name="Index">Wait until this is applied, then read.</param>
public readonly record struct ReadState(long Token, LogIndex Index);
