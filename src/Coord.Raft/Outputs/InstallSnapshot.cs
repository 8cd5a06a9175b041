namespace Coord.Raft;

/// <summary>
/// Load the received snapshot: build the tree aside, write the log mark that drops the whole log, swap, then answer
/// <see cref="SnapshotInstalled"/>. Until then nothing is handed out to apply (raft-design S9).
/// </summary>
/// <param name="From">Who sent it.</param>
/// <param name="Index">Its last index.</param>
/// <param name="Term">Term of the entry there.</param>
public sealed record InstallSnapshot(NodeId From, LogIndex Index, Term Term);
