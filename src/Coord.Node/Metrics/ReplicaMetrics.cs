namespace Coord.Node.Metrics;

/// <summary>What is measured about the replica, its log and its peers. All times are in microseconds.</summary>
internal sealed class ReplicaMetrics
{
    /// <summary>One turn of the replica loop.</summary>
    public Distribution Turn { get; } = new();

    /// <summary>One flush of the log. Recorded by the log writer.</summary>
    public Distribution Flush { get; } = new();

    /// <summary>Bytes of one batch of the log. Recorded by the log writer.</summary>
    public Distribution BatchBytes { get; } = new();

    /// <summary>From the beginning of a snapshot until it is durable.</summary>
    public Distribution Snapshot { get; } = new();

    /// <summary>The start: reading log and snapshot. Recorded once.</summary>
    public Distribution Recovery { get; } = new();

    /// <summary>The part of it that the newest snapshot took.</summary>
    public Distribution SnapshotLoad { get; } = new();

    /// <summary>The part of it that the log took.</summary>
    public Distribution LogLoad { get; } = new();

    /// <summary>Entries that the log held behind the snapshot.</summary>
    public Distribution LoadedEntries { get; } = new();

    /// <summary>From the leader's clock in an entry to its being applied here.</summary>
    public Distribution Propagation { get; } = new();

    /// <summary>The same on nodes that do not lead, where applying follows the commit in the same turn.</summary>
    public Distribution CommitPropagation { get; } = new();

    /// <summary>On followers: from the leader's clock in an entry to its arrival here.</summary>
    public Distribution Proposal { get; } = new();

    /// <summary>On the leader: from appending an entry to its commit.</summary>
    public Distribution QuorumAck { get; } = new();

    /// <summary>From losing a leader to knowing the next.</summary>
    public Distribution Election { get; } = new();

    /// <summary>How long this node served nobody.</summary>
    public Distribution Unavailable { get; } = new();

    /// <summary>The same, where this node then led.</summary>
    public Distribution LeaderUnavailable { get; } = new();

    /// <summary>Times that this node knew no leader.</summary>
    public Counter Lookings { get; } = new();

    /// <summary>Entries that this node as leader appended.</summary>
    public Counter Proposals { get; } = new();

    /// <summary>Entries that this node as leader committed.</summary>
    public Counter Commits { get; } = new();

    /// <summary>Entries that this node as follower appended.</summary>
    public Counter ProposalsReceived { get; } = new();

    /// <summary>Entries that this node as follower learned to be committed.</summary>
    public Counter CommitsReceived { get; } = new();

    /// <summary>Sessions that this node as leader ended for silence.</summary>
    public Counter SessionsExpired { get; } = new();

    /// <summary>Snapshots that this node as leader began to send.</summary>
    public Counter SnapshotsSent { get; } = new();

    /// <summary>Snapshots received and taken over.</summary>
    public Counter SnapshotsInstalled { get; } = new();

    /// <summary>Snapshots of this node that became durable.</summary>
    public Counter SnapshotsWritten { get; } = new();

    /// <summary>Forwarded requests that had to be sent to a leader again.</summary>
    public Counter SentAgain { get; } = new();

    /// <summary>Times that this node as leader found a node with another state at the same entry.</summary>
    public Counter StatesDiffering { get; } = new();

    public SizeRange ProposalSizes { get; } = new();

    public DigestLog Digests { get; init; } = new();
}
