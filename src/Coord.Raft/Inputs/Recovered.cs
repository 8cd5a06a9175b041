namespace Coord.Raft;

/// <summary>
/// Answers <see cref="RaftReady.RecoveryEnded"/>: the durable flag is cleared, this node counts again (raft-design
/// P30).
/// </summary>
public sealed record Recovered : RaftInput;
