using Coord.Node.Peers;

namespace Coord.Node.Replica;

/// <summary>
/// Entries of the log that are still needed can no longer be read: the node has to recover (raft-design P22, P23).
/// </summary>
internal sealed record LogDamaged(string What) : ReplicaInput;

/// <summary>A snapshot could not be written for want of room; nothing is left of it.</summary>
internal sealed record SnapshotFailed(SnapshotId Snapshot) : ReplicaInput;

/// <summary>A snapshot was lost: a new one is to take its place soon (raft-design P23).</summary>
internal sealed record SnapshotWanted : ReplicaInput;
