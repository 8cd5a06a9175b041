using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// The segment files and the places of the entries in them. The log writer adds to it; any thread may read durable
/// entries and drop segments that a snapshot stands for.
/// </summary>
internal sealed class SegmentedLog
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly NodeLimits _limits;
    private readonly Lock _gate = new();

    // Guarded by _gate. Oldest first; the last is the one being written.
    private readonly List<SegmentHeader> _segments;
    private readonly EntryPositions _positions;
    private long _keepFrom;
    private LogIndex _snapshotIndex;

    public SegmentedLog(
        IFileSystem files,
        string directory,
        LogIdentity identity,
        NodeLimits limits,
        List<SegmentHeader> segments,
        EntryPositions positions)
    {
        _files = files;
        _directory = directory;
        Identity = identity;
        _limits = limits;
        _segments = segments;
        _positions = positions;
    }

    public LogIdentity Identity { get; }

    public string Directory => _directory;

    /// <summary>The last durable entry.</summary>
    public LogIndex LastIndex
    {
        get
        {
            lock (_gate)
                return new LogIndex(_positions.LastIndex);
        }
    }

    /// <summary>The oldest entry that can be read; one above the last if none can.</summary>
    public LogIndex FirstIndex
    {
        get
        {
            lock (_gate)
                return new LogIndex(_positions.FirstIndex);
        }
    }

    /// <summary>
    /// The last entry of the newest snapshot that the node could start from: damage at or below it is irrelevant
    /// (raft-design P21). Set when one was loaded, and when the core knows of the mark of a new one.
    /// </summary>
    public LogIndex SnapshotIndex
    {
        get
        {
            lock (_gate)
                return _snapshotIndex;
        }

        set
        {
            lock (_gate)
                _snapshotIndex = value;
        }
    }

    /// <summary>Bytes of all segment files.</summary>
    public long DiskBytes
    {
        get
        {
            lock (_gate)
            {
                long bytes = 0;
                foreach (var segment in _segments)
                    bytes += segment.FileLength;

                return bytes;
            }
        }
    }

    /// <summary>Whether the folder holds any segment.</summary>
    public static bool Exists(IFileSystem files, string directory) =>
        files.List(directory).Any(name => name.EndsWith(SegmentFiles.Extension, StringComparison.Ordinal));

    /// <summary>
    /// Reads durable entries from the index on, up to a byte limit but at least one; null when they are compacted.
    /// Any thread. (raft-design R11, R12, P22)
    /// </summary>
    /// <exception cref="LogDamagedException">One of them can no longer be read as it was written.</exception>
    public IReadOnlyList<Entry>? ReadEntries(LogIndex first, long bytesMax)
    {
        using var reader = new LogReader(_files, _directory, _limits.LogReadBytes);
        reader.Begin(first.Value, bytesMax);
        long durable = 0;
        long replacements = 0;
        while (reader.HasRoom)
        {
            EntryRun run;
            long end;
            SegmentHeader? segment;
            lock (_gate)
            {
                // The reader reads ahead: what became durable since its first step it may have seen half written.
                if (reader.Entries.Count == 0)
                    (durable, replacements) = (_positions.LastIndex, _positions.Replacements);
                else if (reader.Next > durable || _positions.Replacements != replacements)
                    break;

                if (!_positions.TryFind(reader.Next, out run, out end))
                    return reader.Entries.Count > 0 ? reader.Entries : null;

                segment = _segments.Find(s => s.Number == run.Segment);
            }

            try
            {
                if (segment is null || !reader.ReadRun(run, segment, Math.Min(end, durable + 1)))
                    return null;
            }
            catch (LogDamagedException e) when (!Has(e.Segment))
            {
                return null; // Compacted meanwhile, and shortened under the reader's hand.
            }
        }

        return reader.Entries;
    }

    /// <summary>
    /// The newest entries from the index on, as many as fit the limit; none if the log holds none.
    /// </summary>
    public IReadOnlyList<Entry> ReadNewest(long bytesMax, LogIndex from = default)
    {
        long first;
        lock (_gate)
        {
            if (_positions.FirstIndex > _positions.LastIndex || from.Value > _positions.LastIndex)
                return [];

            first = Math.Max(_positions.FindNewest(bytesMax), from.Value);
        }

        return ReadEntries(new LogIndex(first), long.MaxValue) ?? [];
    }

    /// <summary>
    /// Allows segments to go whose entries all lie below the index; the caller keeps what a snapshot does not stand for
    /// and what slow followers still need (raft-design S5). <see cref="DeleteOldSegment"/> does the work.
    /// </summary>
    public void KeepFrom(LogIndex index)
    {
        lock (_gate)
            _keepFrom = Math.Max(_keepFrom, index.Value);
    }

    /// <summary>Whether the segment is part of the log: of one that is not, whatever is read means nothing.</summary>
    public bool Has(long segment)
    {
        lock (_gate)
            return _segments.Exists(s => s.Number == segment);
    }

    /// <summary>The segments that nothing is written to any more, oldest first.</summary>
    public IReadOnlyList<SegmentHeader> SealedSegments()
    {
        lock (_gate)
            return _segments[..^1];
    }

    /// <summary>
    /// Where the newest segments begin that together have so many bytes: what is kept for slow followers
    /// (raft-design S5).
    /// </summary>
    public LogIndex FirstIndexKeeping(long bytes)
    {
        lock (_gate)
        {
            var oldest = _segments.Count - 1;
            for (var kept = _segments[oldest].FileLength; oldest > 0 && kept < bytes; oldest--)
                kept += _segments[oldest - 1].FileLength;

            return new LogIndex(_segments[oldest].FirstIndex);
        }
    }

    /// <summary>
    /// Gives up a damaged segment and those before it, when a snapshot stands for all their entries: damage below it is
    /// irrelevant (raft-design P21). False when one of the entries is still needed.
    /// </summary>
    /// <param name="segment">Number of the segment.</param>
    /// <param name="snapshot">The last entry of a snapshot that can be read.</param>
    public bool TryGiveUp(long segment, LogIndex snapshot)
    {
        lock (_gate)
        {
            var next = _segments.FindIndex(s => s.Number > segment);
            if (next < 0 || (next > 0 && _segments[next].FirstIndex > snapshot.Value + 1))
                return false;

            _keepFrom = Math.Max(_keepFrom, _segments[next].FirstIndex);
            _positions.DropSegmentsBefore(segment + 1);
            return true;
        }
    }

    /// <summary>
    /// Deletes one segment that may go, unless it is worth keeping to be <see cref="TryTakeOldSegment">used
    /// again</see>; false when there is none. For a background thread.
    /// </summary>
    /// <param name="deletion">What deletes it.</param>
    /// <param name="spareBytes">So much of what may go is kept.</param>
    public bool DeleteOldSegment(GradualDeletion deletion, long spareBytes)
    {
        if (RemoveOldest(bytes => bytes > spareBytes || !IsUsual(_segments[0])) is not { } oldest)
            return false;

        // One at a time and flushed, so that no crash leaves a hole between segments.
        Guard(oldest, path => deletion.Delete(_directory, path));
        return true;
    }

    /// <summary>
    /// Takes the oldest segment that may go, to be filled with zeros and used again: it has its blocks on the disk and
    /// its pages in memory. False when there is none of the usual length. For a background thread.
    /// </summary>
    /// <param name="path">Where its file is from now on.</param>
    public bool TryTakeOldSegment(string path)
    {
        if (RemoveOldest(_ => IsUsual(_segments[0])) is not { } oldest)
            return false;

        // Before it is written to: a crash may bring the segment back, and then with all that belongs to it.
        Guard(oldest, old =>
        {
            _files.Rename(old, path);
            _files.FlushDirectory(_directory);
        });
        return true;
    }

    /// <summary>For the log writer: a new segment is in place.</summary>
    public void AddSegment(SegmentHeader segment)
    {
        lock (_gate)
            _segments.Add(segment);
    }

    /// <summary>For the log writer: a batch is durable at this place.</summary>
    public void AddBatch(IReadOnlyList<LogItem> items, IReadOnlyList<EntryPlace> places, long segment, long offset)
    {
        lock (_gate)
        {
            var place = 0;
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i].IsReset)
                    _positions.Reset(items[i].Mark.Index.Value);

                for (; place < places.Count && places[place].Item == i; place++)
                    AddPlace(places, place, segment, offset);

                if (items[i].Append is { Entries: { Count: > 0 } entries })
                    _positions.ExtendTo(entries[^1].Index.Value);
            }
        }
    }

    private bool IsUsual(SegmentHeader segment) => segment.FileLength == _limits.SegmentBytes;

    /// <param name="isWanted">Called with the bytes of all segments that may go, if there are any.</param>
    private SegmentHeader? RemoveOldest(Func<long, bool> isWanted)
    {
        lock (_gate)
        {
            // When a segment was begun, every entry in older ones was below its first index.
            var newest = _segments.FindLastIndex(s => s.FirstIndex <= _keepFrom);
            if (newest <= 0 || !isWanted(_segments.Take(newest).Sum(s => s.FileLength)))
                return null;

            var oldest = _segments[0];
            _segments.RemoveAt(0);
            _positions.DropSegmentsBefore(oldest.Number + 1);
            return oldest;
        }
    }

    private void Guard(SegmentHeader removed, Action<string> action)
    {
        try
        {
            action(Path.Combine(_directory, removed.FileName));
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Removing the segment {removed.FileName} failed: {e.Message}", e);
        }
    }

    private void AddPlace(IReadOnlyList<EntryPlace> places, int number, long segment, long offset)
    {
        var place = places[number];
        var bytes = number + 1 < places.Count ? places[number + 1].Offset - place.Offset : 0;
        _positions.Add(place.Index, segment, offset + place.Offset, place.PreviousCrc, bytes);
    }
}
