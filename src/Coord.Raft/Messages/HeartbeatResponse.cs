namespace Coord.Raft;

/// <summary>
/// Answers <see cref="Heartbeat"/>, or the barrier round of an append whose acceptance still waits for the disk.
/// </summary>
/// <param name="Term">The sender's term.</param>
/// <param name="BarrierRound">As in the request.</param>
/// <param name="IsStorageFull">The sender's disk is full (raft-design P40).</param>
public sealed record HeartbeatResponse(Term Term, long BarrierRound, bool IsStorageFull) : RaftMessage(Term);
