namespace Coord.Raft;

/// <summary>
/// Everything up to and including this append is durable. Reports come in sequence (raft-design K2).
/// </summary>
/// <param name="Sequence">As in <see cref="LogAppend"/>.</param>
public sealed record Persisted(long Sequence) : RaftInput;
