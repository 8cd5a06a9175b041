namespace Coord.Raft;

/// <summary>
/// A local snapshot is durable, with its log mark (raft-design S3). It becomes what lagging peers get.
/// </summary>
/// <param name="Index">Its last index.</param>
/// <param name="Term">Term of the entry there.</param>
public sealed record SnapshotReady(LogIndex Index, Term Term) : RaftInput;
