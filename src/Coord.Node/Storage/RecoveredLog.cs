using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>What a node's log says when it starts. Everything in it is durable.</summary>
internal sealed class RecoveredLog
{
    /// <summary>The log, to read entries from and to hand to the <see cref="LogWriter"/>.</summary>
    public required SegmentedLog Log { get; init; }

    public required LogTail Tail { get; init; }

    public required HardState HardState { get; init; }

    /// <summary>The newest durable snapshot mark; zero without a snapshot.</summary>
    public required SnapshotMark Mark { get; init; }

    /// <summary>
    /// The oldest entry that was read; one above <see cref="LastIndex"/> if there is none.
    /// </summary>
    public required LogIndex FirstIndex { get; init; }

    public required LogIndex LastIndex { get; init; }

    /// <summary>Terms of the entries from <see cref="FirstIndex"/> on.</summary>
    public required IReadOnlyList<TermRun> TermRuns { get; init; }

    /// <summary>
    /// The entries of memberships and feature levels that the log still holds, ascending; what was replaced is not
    /// among them (raft-design M4, P12).
    /// </summary>
    public required IReadOnlyList<Entry> MembershipEntries { get; init; }

    /// <summary>
    /// Why the node may have lost what it promised, and must recover (raft-design P21, P30); null when the log was
    /// sound. The rest of this object is what is left: the part before the damage, or an empty log.
    /// </summary>
    public required string? Damage { get; init; }

    /// <summary>Bytes of a torn last batch that were cut away.</summary>
    public required long CutBytes { get; init; }

    /// <summary>Damaged segments that a snapshot stands for, and that were dropped (raft-design P21).</summary>
    public required IReadOnlyList<string> DroppedSegments { get; init; }

    /// <summary>Older segments that were not read, because the newest snapshot stands for them.</summary>
    public required int SegmentsUnread { get; init; }

    /// <summary>
    /// The newest entries from the index on, ending at <see cref="LastIndex"/>, as many as fit the byte limit.
    /// </summary>
    public IReadOnlyList<Entry> ReadRecentEntries(long bytesMax, LogIndex first = default) =>
        Log.ReadNewest(bytesMax, first);
}
