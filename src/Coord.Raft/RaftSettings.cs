namespace Coord.Raft;


/// <summary>
/// Limits and times of the core, in ticks of the driver's choice (10 ms in a node). Raft-design section 4.
/// </summary>
public sealed record RaftSettings
{
    /// <summary>Ticks between a leader's heartbeats. Default 5 (50 ms), at least 1.</summary>
    public int HeartbeatTicks { get; init; } = 5;

    /// <summary>
    /// T: the shortest silence after which a follower campaigns; actual silence is drawn from [T, 2T). Default 50
    /// (500 ms), at least five heartbeats. Must exceed the disk's bad days: 2 x p99.9 flush + round trip + pauses.
    /// </summary>
    public int ElectionTicks { get; init; } = 50;

    /// <summary>
    /// Bytes of entries in one append message; a single entry may exceed it (raft-design R11). Default 1 MiB.
    /// </summary>
    public long AppendBytesMax { get; init; } = 1 << 20;

    /// <summary>
    /// Append messages in flight to one peer. Default 8: deep windows shrink batches (raft-design F4).
    /// </summary>
    public int InFlightMessagesMax { get; init; } = 8;

    /// <summary>Bytes of entries in flight to one peer. Default 8 MiB.</summary>
    public long InFlightBytesMax { get; init; } = 8 << 20;

    /// <summary>
    /// While something is in flight to a peer, fewer waiting bytes than this stay until the next acknowledgement or
    /// until enough gathered (raft-design R10). Default 16 KiB.
    /// </summary>
    public long SmallBatchBytes { get; init; } = 16 << 10;

    /// <summary>
    /// How many messages may be in flight to a peer before small batches wait (raft-design R10). Default 2: one on
    /// its
    /// way while the other is being flushed.
    /// </summary>
    public int SmallBatchesInFlightMax { get; init; } = 2;

    /// <summary>Bytes a leader holds uncommitted before it refuses proposals. Default 64 MiB.</summary>
    public long UncommittedBytesMax { get; init; } = 64 << 20;

    /// <summary>Entries a leader holds uncommitted before it refuses proposals. Default 65,536.</summary>
    public int UncommittedEntriesMax { get; init; } = 65_536;

    /// <summary>Committed entries waiting to be applied before a leader refuses proposals. Default 262,144.</summary>
    public int UnappliedEntriesMax { get; init; } = 262_144;

    /// <summary>Longest payload of one proposal. Default: jute.maxbuffer (1,048,575) and 64 KiB of header.</summary>
    public int EntryBytesMax { get; init; } = 1_048_575 + (64 << 10);

    /// <summary>Bytes of recent entries kept in memory; older ones are read from disk. Default 64 MiB.</summary>
    public long LogWindowBytesMax { get; init; } = 64 << 20;

    /// <summary>
    /// Above so many bytes those entries leave the memory that nobody waits for: handed out to apply, and acknowledged
    /// by every peer that is sent entries as they come. Up to here they wait for a peer whose link broke for a moment.
    /// Default 1 MiB.
    /// </summary>
    public long LogWindowSpareBytes { get; init; } = 1 << 20;

    /// <summary>Entries handed out to apply in one turn: bounds the turn (raft-design A6). Default 8,192.</summary>
    public int CommittedEntriesMax { get; init; } = 8_192;

    /// <summary>Bytes handed out to apply in one turn; at least one entry goes out. Default 4 MiB.</summary>
    public long CommittedBytesMax { get; init; } = 4 << 20;

    /// <summary>Read barriers waiting at a leader before it refuses more. Default 65,536.</summary>
    public int BarriersMax { get; init; } = 65_536;

    /// <summary>
    /// What a node whose disk is full can still take: a leader sends it no more, and nothing at all while others with
    /// room are a quorum (raft-design P40). Default 2 MiB; the log keeps a spare segment of at least that size.
    /// </summary>
    public long StorageSpareBytes { get; init; } = 2 << 20;

    /// <summary>Ticks without the first answer after which a failed snapshot is offered again. Default 50.</summary>
    public int SnapshotRetryTicks { get; init; } = 50;

    /// <summary>
    /// Highest feature level that this build knows: it proposes no higher one, and stops when it meets one (raft-design
    /// I6, I7). Default 2.
    /// </summary>
    public int FeatureLevelMax { get; init; } = 2;

    /// <summary>
    /// A leader answers read barriers without asking the others while its lease lasts (raft-design Q10 to Q13), where
    /// the feature level allows it (2 or higher). Default off. Only for machines whose monotonic clocks go on and agree
    /// within <see cref="LeaseDriftPercent"/>: a guest that is suspended, migrated live or restored from a snapshot of
    /// its machine answers with old data. <see cref="ElectionTicks"/> and the length of a tick have to be the same on
    /// all nodes.
    /// </summary>
    public bool UseLease { get; init; }

    /// <summary>
    /// By how much the fastest clock of the cluster may gain on the slowest, in percent of T (raft-design Q10). Default
    /// 10.
    /// </summary>
    public int LeaseDriftPercent { get; init; } = 10;

    /// <summary>
    /// Forget a leader whose process is known to be gone at once (raft-design E18). Default true; never done where the
    /// feature level allows leases.
    /// </summary>
    public bool TrustPeerGone { get; init; } = true;

    /// <summary>Throws <see cref="ArgumentException"/> naming the first setting out of range.</summary>
    public void Validate()
    {
        Check(HeartbeatTicks >= 1, nameof(HeartbeatTicks), "at least 1");
        Check(ElectionTicks >= 5 * HeartbeatTicks, nameof(ElectionTicks), "at least five heartbeats");
        Check(AppendBytesMax >= 1, nameof(AppendBytesMax), "at least 1");
        Check(InFlightMessagesMax >= 2, nameof(InFlightMessagesMax), "at least 2");
        Check(InFlightBytesMax >= 1, nameof(InFlightBytesMax), "at least 1");
        Check(SmallBatchBytes >= 0, nameof(SmallBatchBytes), "at least 0");
        Check(SmallBatchesInFlightMax >= 1, nameof(SmallBatchesInFlightMax), "at least 1");
        Check(UncommittedBytesMax >= 1, nameof(UncommittedBytesMax), "at least 1");
        Check(UncommittedEntriesMax >= 1, nameof(UncommittedEntriesMax), "at least 1");
        Check(UnappliedEntriesMax >= 1, nameof(UnappliedEntriesMax), "at least 1");
        Check(EntryBytesMax >= 1, nameof(EntryBytesMax), "at least 1");
        Check(LogWindowBytesMax >= 0, nameof(LogWindowBytesMax), "at least 0");
        Check(LogWindowSpareBytes >= 0, nameof(LogWindowSpareBytes), "at least 0");
        Check(CommittedEntriesMax >= 1, nameof(CommittedEntriesMax), "at least 1");
        Check(CommittedBytesMax >= 1, nameof(CommittedBytesMax), "at least 1");
        Check(BarriersMax >= 1, nameof(BarriersMax), "at least 1");
        Check(StorageSpareBytes >= 0, nameof(StorageSpareBytes), "at least 0");
        Check(SnapshotRetryTicks >= 1, nameof(SnapshotRetryTicks), "at least 1");
        Check(LeaseDriftPercent is >= 0 and <= 50, nameof(LeaseDriftPercent), "0 to 50");
        Check(FeatureLevelMax >= 1, nameof(FeatureLevelMax), "at least 1");
    }

    private static void Check(bool holds, string name, string rule)
    {
        if (!holds)
            throw new ArgumentException($"{name} must be {rule}.");
    }
}
