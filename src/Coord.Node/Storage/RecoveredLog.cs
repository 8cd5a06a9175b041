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
    /// The oldest entry that the log still holds; one above <see cref="LastIndex"/> if it holds none.
    /// </summary>
    public required LogIndex FirstIndex { get; init; }

    public required LogIndex LastIndex { get; init; }

    /// <summary>Terms of the entries from <see cref="FirstIndex"/> on.</summary>
    public required IReadOnlyList<TermRun> TermRuns { get; init; }

    /// <summary>Bytes of a torn last batch that were cut away.</summary>
    public required long CutBytes { get; init; }

    /// <summary>Damaged segments that a snapshot stands for, and that were dropped (raft-design P21).</summary>
    public required IReadOnlyList<string> DroppedSegments { get; init; }

    /// <summary>The newest entries, ending at <see cref="LastIndex"/>, as many as fit the byte limit.</summary>
    public IReadOnlyList<Entry> ReadRecentEntries(long bytesMax) => Log.ReadNewest(bytesMax);
}
