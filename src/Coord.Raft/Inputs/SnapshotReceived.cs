namespace Coord.Raft;

/// <summary>
/// A peer sent a whole snapshot, now durable in a file of its own (raft-design S7). The core decides:
/// install, or answer at once (S8).
/// </summary>
/// <param name="From">The sender.</param>
/// <param name="LeaderTerm">The sender's term when it offered the snapshot.</param>
/// <param name="Index">Last index of the snapshot.</param>
/// <param name="Term">Term of the entry there.</param>
public sealed record SnapshotReceived(NodeId From, Term LeaderTerm, LogIndex Index, Term Term) : RaftInput;
