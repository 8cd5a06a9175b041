using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>What recovery found: where the replica goes on.</summary>
internal sealed record ReplicaStart
{
    public required RaftStart Raft { get; init; }

    /// <summary>The tree as of the snapshot that recovery loaded, or an empty one.</summary>
    public required ZnodeTree Tree { get; init; }

    /// <summary>Counts this node's process starts (raft-design I4).</summary>
    public required long ProcessStart { get; init; }

    /// <summary>
    /// Why this node may have lost something that it promised; null where it has not (raft-design P30).
    /// </summary>
    public string? RecoveringBecause { get; init; }

    /// <summary>Which data directory this is (raft-design I3).</summary>
    public UInt128 Incarnation { get; init; }

    /// <summary>Size of the newest snapshot file, 0 for none.</summary>
    public long SnapshotBytes { get; init; }
}
