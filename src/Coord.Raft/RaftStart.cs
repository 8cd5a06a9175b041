namespace Coord.Raft;


/// <summary>What a node knows when its core starts: its place in the cluster and what its disk holds.</summary>
public sealed record RaftStart
{
    /// <summary>This node.</summary>
    public required NodeId Id { get; init; }

    /// <summary>
    /// The membership in force at <see cref="SnapshotIndex"/>; without a snapshot the genesis, at index 0. This node
    /// need not be in it: it may wait to be let in, or have been removed.
    /// </summary>
    public required Membership Membership { get; init; }

    /// <summary>The feature level in force at <see cref="SnapshotIndex"/>; every cluster begins with 1.</summary>
    public int FeatureLevel { get; init; } = 1;

    /// <summary>
    /// Retained entries above <see cref="SnapshotIndex"/> of the kinds that the engine keeps a history of, memberships
    /// and feature levels (raft-design M4, I6), in order.
    /// </summary>
    public IReadOnlyList<Entry> MembershipEntries { get; init; } = [];

    /// <summary>
    /// The disk lost something that this node may have promised, and a durable flag says so (raft-design P30). Term and
    /// vote are then what is left of them.
    /// </summary>
    public bool IsRecovering { get; init; }

    /// <summary>Start number of this process, as handshakes tell it (raft-design I4).</summary>
    public long ProcessStart { get; init; }

    /// <summary>Seed of the election timer's draws: the same inputs and seed give the same outputs.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Term and vote as recovered; term 0 without a vote on a new node.</summary>
    public HardState HardState { get; init; }

    /// <summary>Last index of the snapshot that the state machine was loaded from; 0 without one.</summary>
    public LogIndex SnapshotIndex { get; init; }

    /// <summary>Term of the entry at <see cref="SnapshotIndex"/>.</summary>
    public Term SnapshotTerm { get; init; }

    /// <summary>
    /// Terms of all retained entries, oldest first: the first run starts at the first retained entry (at most
    /// <see cref="SnapshotIndex"/> + 1). Empty when the log is empty or when <see cref="Entries"/> holds all of it.
    /// </summary>
    public IReadOnlyList<TermRun> TermRuns { get; init; } = [];

    /// <summary>
    /// Last index of the log, at least <see cref="SnapshotIndex"/>; everything up to it is durable.
    /// </summary>
    public LogIndex LastIndex { get; init; }

    /// <summary>
    /// The newest entries, in order, ending at <see cref="LastIndex"/>: as many as fit the log window. Older ones are
    /// asked for by <see cref="RaftReady.FetchEntries"/>, also for applying (peer = this node).
    /// </summary>
    public IReadOnlyList<Entry> Entries { get; init; } = [];
}
