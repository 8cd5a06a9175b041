using Coord.Raft;

namespace Coord.Node.Admin;

/// <summary>
/// What a node says about itself: an immutable picture that the replica loop publishes and that the admin port and
/// the
/// four-letter words read without asking the loop.
/// </summary>
internal sealed record NodeStatus
{
    /// <summary>Before the replica's first turn.</summary>
    public static NodeStatus Starting { get; } = new() { NotReadyBecause = "starting" };

    /// <summary>Null when the node serves clients, else one line that says why it does not.</summary>
    public string? NotReadyBecause { get; init; }

    /// <summary>It knows no leader, and lets clients read that asked for it (zookeeper-protocol 7.5).</summary>
    public bool IsReadOnly { get; init; }

    public NodeId Id { get; init; }

    public NodeRole Role { get; init; } = NodeRole.Starting;

    public long Term { get; init; }

    /// <summary>The leader this node follows or is; null when it knows none.</summary>
    public NodeId? Leader { get; init; }

    public long CommitIndex { get; init; }

    public long AppliedIndex { get; init; }

    public long DurableIndex { get; init; }

    public long LastIndex { get; init; }

    /// <summary>First index still in the log.</summary>
    public long FirstIndex { get; init; }

    /// <summary>
    /// The other members as the leader sees them, or with their link only when this node does not lead.
    /// </summary>
    public IReadOnlyList<PeerProgressStatus> Peers { get; init; } = [];

    /// <summary>The active membership.</summary>
    public MembershipStatus Membership { get; init; } = MembershipStatus.None;

    /// <summary>The feature level that this node has applied (raft-design I6).</summary>
    public int FeatureLevel { get; init; } = 1;

    /// <summary>
    /// Why this node may have lost something that it promised, and so counts for nothing yet (raft-design P30); null
    /// when it counts.
    /// </summary>
    public string? RecoveringBecause { get; init; }

    /// <summary>This node's disk has no room for another log segment (raft-design P40).</summary>
    public bool IsStorageFull { get; init; }

    /// <summary>What the reader of old log segments and snapshots has found so far (raft-design P23).</summary>
    public ScrubStatus? Scrub { get; init; }

    /// <summary>Index of the newest durable snapshot, 0 for none.</summary>
    public long SnapshotIndex { get; init; }

    /// <summary>When that snapshot was completed, in Unix milliseconds; 0 for none since the start.</summary>
    public long SnapshotTimeMs { get; init; }

    /// <summary>Size of its file.</summary>
    public long SnapshotBytes { get; init; }

    /// <summary>
    /// The tree's rolling digest, and the index it belongs to: equal on all nodes at an equal index.
    /// </summary>
    public UInt128 Digest { get; init; }

    public long DigestIndex { get; init; }

    public int ZnodeCount { get; init; }

    public int EphemeralCount { get; init; }

    /// <summary>Watches set by getData and exists, one for each connection and path.</summary>
    public long DataWatchCount { get; init; }

    /// <summary>Watches set by getChildren.</summary>
    public long ChildWatchCount { get; init; }

    /// <summary>Watches of a znode and all below it.</summary>
    public long RecursiveWatchCount { get; init; }

    /// <summary>All of them; a persistent watch is in both of the former.</summary>
    public long WatchCount => DataWatchCount + ChildWatchCount + RecursiveWatchCount;

    /// <summary>Paths with a watch of any kind.</summary>
    public int WatchedPathCount { get; init; }

    /// <summary>Connections with a watch of any kind.</summary>
    public int WatcherCount { get; init; }

    public int SessionCount { get; init; }

    public long ApproximateDataBytes { get; init; }

    /// <summary>Requests that exceeded a quota while this node led, refused or not.</summary>
    public long QuotasExceeded { get; init; }

    /// <summary>Writes of this node's clients that are not applied here yet.</summary>
    public long OutstandingRequests { get; init; }

    /// <summary>How long this node has led, in milliseconds; 0 when it does not.</summary>
    public long LeadingMs { get; init; }

    /// <summary>When this picture was made, in Unix milliseconds.</summary>
    public long PublishedMs { get; init; }

    /// <summary>When the process started, in Unix milliseconds.</summary>
    public long StartedMs { get; init; }
}
