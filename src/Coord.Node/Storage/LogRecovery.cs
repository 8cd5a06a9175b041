using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Reads the log of a node that starts, and leaves it so that it can be appended to. Damage is never cut silently and
/// never answered with an empty log that passes for a new one: the node is marked as recovering first (raft-design
/// P21, P30).
/// </summary>
internal sealed class LogRecovery
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly LogIdentity _identity;
    private readonly NodeLimits _limits;
    private readonly LogRepair _repair;

    /// <param name="files">The file system.</param>
    /// <param name="directory">The folder of the segments; it exists.</param>
    /// <param name="identity">Whose log it must be.</param>
    /// <param name="limits">Sizes.</param>
    public LogRecovery(IFileSystem files, string directory, LogIdentity identity, NodeLimits limits)
    {
        _files = files;
        _directory = directory;
        _identity = identity;
        _limits = limits;
        _repair = new LogRepair(files, directory, limits);
    }

    /// <summary>Reads the log.</summary>
    /// <param name="durableBatch">A batch known to have been durable (the watermark); 0 if none is known.</param>
    /// <param name="markRecovering">
    /// Makes the node's flag durable. Called before anything is cut, with what was found.
    /// </param>
    /// <param name="fromSnapshot">
    /// Leaves segments unread that hold only what the newest snapshot stands for. They stay where they are.
    /// </param>
    /// <exception cref="DataUnusableException">The log is another node's, or a newer version's.</exception>
    /// <exception cref="StorageFailedException">The disk failed.</exception>
    public RecoveredLog Run(long durableBatch, Action<string> markRecovering, bool fromSnapshot = false) => Guard(() =>
    {
        var found = List();
        if (fromSnapshot && TakeFromSnapshot(found, durableBatch) is { } log)
            return log;

        var start = 0;
        LogDamage? first = null;
        (int Start, LogScan Scan)? best = null;
        while (start < found.Count)
        {
            var scan = new LogScan(_files, _directory, _limits, durableBatch);
            scan.Run(found[start..]);
            if (scan.Damage is null)
                return TakeSound(found, start, scan);

            // raft-design P21: damage below the snapshot is irrelevant, so the scan begins again behind the damage.
            // It succeeds only if a snapshot stands for everything before.
            first ??= scan.Damage;
            if (scan.IsUsable && (best is null || scan.Positions.LastIndex > best.Value.Scan.Positions.LastIndex))
                best = (start, scan);

            start += scan.SegmentsToSkip;
        }

        var damage = best?.Scan.Damage ?? first;
        var why = damage?.ToString() ?? $"{_directory}: the log is missing, though the node belongs to a cluster";
        markRecovering(why);
        return best is { } usable ? TakePrefix(found, usable.Start, usable.Scan, why) : TakeEmpty(found, why);
    });

    /// <summary>
    /// Drops the whole log, because no snapshot that can be read reaches to where it begins (raft-design S12). The node
    /// is marked as recovering already.
    /// </summary>
    public RecoveredLog Discard(string why) => Guard(() => TakeEmpty(List(), why));

    private List<SegmentFile> List()
    {
        var listing = new SegmentListing(_files, _directory, _identity);
        listing.DeleteTemporaryFiles();
        return listing.Read();
    }

    // raft-design P21: below the snapshot damage is irrelevant, so there nothing needs to be read. Null: there is
    // nothing to leave out, or something wrong, which the scan of all segments judges.
    private RecoveredLog? TakeFromSnapshot(List<SegmentFile> found, long durableBatch)
    {
        if (found.Count == 0 || found.Exists(segment => segment.Header is null))
            return null;

        // When a segment was begun, every entry in older ones was below its first index.
        var covered = found[^1].Header!.Mark.Index.Value;
        var start = found.FindLastIndex(segment => segment.Header!.FirstIndex <= covered + 1);
        if (start <= 0)
            return null;

        var scan = new LogScan(_files, _directory, _limits, durableBatch);
        scan.Run(found[start..]);
        if (scan.Damage is not null)
            return null;

        _repair.CutTornTail(scan.Tail, scan.WrittenEnd);
        return Take(found[start..], scan, damage: null, [], unread: found[..start].ConvertAll(s => s.Header!));
    }

    private RecoveredLog TakeSound(List<SegmentFile> found, int start, LogScan scan)
    {
        _repair.CutTornTail(scan.Tail, scan.WrittenEnd);
        return TakeBehind(found, start, scan, damage: null);
    }

    private RecoveredLog TakePrefix(List<SegmentFile> found, int start, LogScan scan, string damage)
    {
        _repair.CutBehind(scan.Tail, found[(start + scan.SegmentsRead)..].Select(s => s.Path));
        return TakeBehind(found, start, scan, damage);
    }

    private RecoveredLog TakeBehind(List<SegmentFile> found, int start, LogScan scan, string? damage)
    {
        var dropped = found[..start].ConvertAll(s => s.Path);
        _repair.Delete(dropped);
        return Take(found[start..], scan, damage, dropped, unread: []);
    }

    private RecoveredLog Take(
        List<SegmentFile> scanned, LogScan scan, string? damage, List<string> dropped, List<SegmentHeader> unread)
    {
        var read = scanned[..scan.SegmentsRead].ConvertAll(s => s.Header!);
        return new RecoveredLog
        {
            Log = new SegmentedLog(_files, _directory, _identity, _limits, [.. unread, .. read], scan.Positions),
            Tail = scan.Tail,
            HardState = scan.Tail.HardState,
            Mark = scan.Tail.Mark,
            FirstIndex = new LogIndex(scan.Positions.FirstIndex),
            LastIndex = new LogIndex(scan.Positions.LastIndex),
            TermRuns = scan.TermRuns,
            MembershipEntries = scan.CoreEntries,
            Damage = damage,
            CutBytes = damage is null ? scan.WrittenEnd - scan.Tail.Offset : 0,
            DroppedSegments = dropped,
            SegmentsUnread = unread.Count,
        };
    }

    private RecoveredLog TakeEmpty(List<SegmentFile> found, string damage)
    {
        _repair.Delete(found.Select(s => s.Path).Reverse());
        var first = new SegmentFactory(_files, _directory, _limits).CreateFirst(_identity);
        var empty = new LogScan(_files, _directory, _limits, durableBatch: 0);
        var segment = new SegmentFile(Path.Combine(_directory, first.FileName), first, "");
        empty.Run([segment]);
        return Take([segment], empty, damage, [], unread: []);
    }

    private RecoveredLog Guard(Func<RecoveredLog> read)
    {
        try
        {
            return read();
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Reading the log in {_directory} failed: {e.Message}", e);
        }
    }
}
