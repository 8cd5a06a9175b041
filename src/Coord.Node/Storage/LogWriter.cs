using Coord.Node.Metrics;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Appends to the log: everything queued since the last flush is the next batch, and a batch is one positional write
/// and one fdatasync (raft-design P2, F26). <see cref="RunOnce"/> is called by one thread in a loop, or by the
/// simulator; the other members by any thread.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private readonly IFileSystem _files;
    private readonly SegmentedLog _log;
    private readonly SegmentFactory _factory;
    private readonly SegmentPreparer _preparer;
    private readonly Watermark _watermark;
    private readonly ILogObserver _observer;
    private readonly LogQueue _queue;
    private readonly TimeProvider _time;
    private readonly long _spareBytes;
    private readonly BatchEncoder _encoder = new();
    private readonly List<LogItem> _items = [];
    private IFile? _file;
    private LogTail _tail;
    private StorageFailedException? _failure;

    public LogWriter(
        IFileSystem files,
        RecoveredLog recovered,
        Watermark watermark,
        NodeLimits limits,
        TimeProvider time,
        ILogObserver observer)
    {
        _files = files;
        _log = recovered.Log;
        _tail = recovered.Tail;
        _watermark = watermark;
        _observer = observer;
        _time = time;
        _queue = new LogQueue(time, limits.LogBatchBytesMax);
        _factory = new SegmentFactory(files, _log.Directory, limits);
        _preparer = new SegmentPreparer(files, _log, limits);
        Deletion = new GradualDeletion(files);
        _spareBytes = limits.LogKeptBytes;
    }

    /// <summary>Of large files beside the log, in background steps.</summary>
    public GradualDeletion Deletion { get; }

    /// <summary>Where flushes are measured.</summary>
    public ReplicaMetrics Metrics { get; init; } = new();

    /// <summary>Age of the oldest append that is not yet durable, zero if all are (raft-design E16).</summary>
    public TimeSpan OldestUnflushedAge => _queue.OldestAge();

    /// <summary>True while no further segment can be prepared: proposals are to be refused (raft-design P40).</summary>
    public bool IsDiskFull => _preparer.IsDiskFull;

    /// <summary>Something waits to be written, behind the batch under way.</summary>
    public bool HasQueued => _queue.HasAny;

    /// <inheritdoc cref="SegmentedLog.SnapshotIndex"/>
    public void SetSnapshotIndex(LogIndex index) => _log.SnapshotIndex = index;

    /// <inheritdoc cref="SegmentedLog.FirstIndexKeeping"/>
    public LogIndex FirstIndexKeeping(long bytes) => _log.FirstIndexKeeping(bytes);

    /// <summary>Queues an append. Appends come in sequence, from the replica loop.</summary>
    public void Enqueue(LogAppend append) => _queue.Add(new LogItem(append, default, false));

    /// <summary>
    /// Queues the record "snapshot at this index"; answered by <see cref="ILogObserver.SnapshotMarked"/>. With
    /// <paramref name="reset"/> the whole log before it is dropped: a snapshot was installed (raft-design P12, S8).
    /// </summary>
    public void MarkSnapshot(LogIndex index, Term term, bool reset = false) =>
        _queue.Add(new LogItem(null, new SnapshotMark(index, term), reset));

    /// <summary>Allows entries below the index to be dropped from disk; never above a durable snapshot mark.</summary>
    public void Compact(LogIndex keepFrom) => _log.KeepFrom(keepFrom);

    /// <inheritdoc cref="SegmentedLog.ReadEntries"/>
    public IReadOnlyList<Entry>? ReadEntries(LogIndex first, long bytesMax) => _log.ReadEntries(first, bytesMax);

    /// <summary>Blocks until there is something to write, or the time is over.</summary>
    public void Wait(TimeSpan timeout) => _queue.Wait(timeout);

    /// <summary>Ends a <see cref="Wait"/>.</summary>
    public void Wake() => _queue.Wake();

    /// <summary>Writes, flushes and reports one batch; false when nothing was queued.</summary>
    /// <exception cref="StorageFailedException">Now and for ever after: the process must end (raft-design
    /// P3).</exception>
    public bool RunOnce()
    {
        if (_failure is not null)
            throw _failure;

        try
        {
            if (!_queue.TakeBatch(_items))
            {
                _watermark.Settle(_tail.Batch);
                return false;
            }

            WriteBatch();
        }
        catch (IOException e)
        {
            _failure = new StorageFailedException($"Writing the log in {_log.Directory} failed: {e.Message}", e);
            throw _failure;
        }

        Report();
        return true;
    }

    /// <summary>
    /// One step of work behind the log: prepares the next segment, or deletes an old one. For a background thread,
    /// which pauses between steps so that the log's own flushes stay short; false when nothing is left to do.
    /// </summary>
    public bool RunBackgroundStep() =>
        _preparer.RunOnce() || DeleteOldSegment() || RunDeletionStep();

    public void Dispose()
    {
        _file?.Dispose();
        _preparer.Dispose();
        Deletion.Dispose();
    }

    // raft-design P40: a full disk gets back all that may go.
    private bool DeleteOldSegment() => _log.DeleteOldSegment(Deletion, IsDiskFull ? 0 : _spareBytes);

    private bool RunDeletionStep()
    {
        try
        {
            return Deletion.RunOnce();
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Deleting a file beside {_log.Directory} failed: {e.Message}", e);
        }
    }

    private void WriteBatch()
    {
        if (_tail.IsClosed)
            BeginSegment(0);

        Encode();
        if (_tail.Offset + _encoder.Length + FrameHeader.Length > _tail.Segment!.FileLength)
        {
            var bytes = _encoder.Length;
            EndSegment();
            BeginSegment(bytes);
            Encode();
        }

        var offset = _tail.Offset;
        WriteEncoded();
        _log.AddBatch(_items, _encoder.Places, _tail.Segment!.Number, offset);
        foreach (var item in _items)
        {
            if (item.Append is null)
                _tail.Mark = item.Mark;
            else if (item.Append.HardState is { } state)
                _tail.HardState = state;
        }

        // The end of a segment says nothing of the next one, so without this its loss would look like a crash
        // between the two (raft-design P21). Before the batch is reported, and once per segment.
        if (_tail.Batch == _tail.Segment.FirstBatch)
            _watermark.Secure(_tail.Batch);
        else
            _watermark.Advance(_tail.Batch);
    }

    private void Encode()
    {
        _encoder.Begin(_tail.Batch + 1, _tail.Crc, _tail.Segment!.Salt);
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i].Append is not { } append)
            {
                _encoder.AddSnapshotMark(_items[i].Mark, _items[i].IsReset);
                continue;
            }

            // raft-design P1: ahead of the entries that depend on it.
            if (append.HardState is { } state)
                _encoder.AddTermAndVote(state);

            _encoder.AddEntries(i, append.Entries);
        }

        _encoder.EndBatch();
    }

    // One write and one flush; nothing of the next batch is written before (raft-design P2, P11).
    private void WriteEncoded()
    {
        _file ??= _files.Open(Path.Combine(_log.Directory, _tail.Segment!.FileName), FileOpen.Existing);
        _file.Write(_tail.Offset, _encoder.Bytes);
        var begun = _time.GetTimestamp();
        _file.FlushData();
        Metrics.Flush.Record(_time.GetElapsedTime(begun));
        Metrics.BatchBytes.Record(_encoder.Length);
        _tail.Offset += _encoder.Length;
        _tail.Crc = _encoder.Crc;
        _tail.Batch++;
    }

    private void EndSegment()
    {
        _encoder.Begin(_tail.Batch + 1, _tail.Crc, _tail.Segment!.Salt);
        _encoder.AddSegmentEnd();
        WriteEncoded();
        _tail.IsClosed = true;
    }

    private void BeginSegment(long batchBytes)
    {
        var length = _factory.LengthFor(batchBytes);
        if (_preparer.TryTake(length, out var path, out var preparedLength))
            length = preparedLength;
        else
            path = MakeInAHurry(ref length);

        var header = new SegmentHeader
        {
            Identity = _log.Identity,
            Number = _tail.Segment!.Number + 1,
            FirstIndex = _log.LastIndex.Value + 1,
            FirstBatch = _tail.Batch + 1,
            PreviousCrc = _tail.Crc,
            FileLength = length,
            HardState = _tail.HardState,
            Mark = _tail.Mark,
        };
        _factory.Place(path, header);
        _log.AddSegment(header);
        _file?.Dispose();
        _file = null;
        _tail.Segment = header;
        _tail.Offset = SegmentHeader.Length;
        _tail.IsClosed = false;
    }

    // raft-design P40, P41: when the disk gives nothing, the reserve; and when that is used up too, the end.
    private string MakeInAHurry(ref long length)
    {
        try
        {
            return _factory.CreateZeros(length);
        }
        catch (StorageFullException)
        {
            if (!_preparer.TryTakeReserve(length, out var path, out var reserveLength))
                throw;

            length = reserveLength;
            return path;
        }
    }

    private void Report()
    {
        _queue.BatchDone();
        long sequence = 0;
        foreach (var item in _items)
        {
            if (item.Append is not null)
                sequence = item.Append.Sequence;
            else
                _observer.SnapshotMarked(item.Mark.Index, item.Mark.Term);
        }

        if (sequence > 0)
            _observer.Persisted(sequence);

        _items.Clear();
    }
}
