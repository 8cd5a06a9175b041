using Coord.Node.Peers;

namespace Coord.Node.Storage;

/// <summary>
/// Reads everything that is not written any more, slowly and again and again: damage is found while another node still
/// holds what it hit (raft-design P23). <see cref="RunOnce"/> is one step, called by a thread that sleeps in between,
/// or by the simulator.
/// </summary>
internal sealed class Scrubber : IDisposable
{
    private readonly IFileSystem _files;
    private readonly SegmentedLog _log;
    private readonly SnapshotStore _snapshots;
    private readonly NodeLimits _limits;
    private readonly TimeProvider _time;
    private readonly IDamageObserver _observer;
    private readonly Queue<SegmentHeader> _segmentsLeft = new();
    private readonly Queue<SnapshotId> _snapshotsLeft = new();
    private long _roundBegan;
    private bool _isInRound;
    private SegmentHeader? _segment;
    private FileWindow? _window;
    private BatchScanner? _scanner;
    private SnapshotReader? _snapshot;

    public Scrubber(
        IFileSystem files,
        SegmentedLog log,
        SnapshotStore snapshots,
        NodeLimits limits,
        TimeProvider time,
        IDamageObserver observer)
    {
        _files = files;
        _log = log;
        _snapshots = snapshots;
        _limits = limits;
        _time = time;
        _observer = observer;
    }

    /// <summary>Does one step and says how long to pause before the next: that keeps the rate.</summary>
    public TimeSpan RunOnce()
    {
        if (!_isInRound && !TryBeginRound(out var wait))
            return wait;

        long bytes;
        if (_scanner is not null)
            bytes = ReadSegment();
        else if (_snapshot is not null)
            bytes = ReadSnapshot();
        else
            return OpenNext();

        _observer.Scrubbed(bytes, isRoundOver: false);
        return TimeSpan.FromSeconds((double)bytes / _limits.ScrubBytesPerSecond);
    }

    public void Dispose()
    {
        _window?.Dispose();
        _snapshot?.Dispose();
    }

    private bool TryBeginRound(out TimeSpan wait)
    {
        wait = _roundBegan == 0 ? TimeSpan.Zero : _limits.ScrubInterval - _time.GetElapsedTime(_roundBegan);
        if (wait > TimeSpan.Zero)
            return false;

        _roundBegan = _time.GetTimestamp();
        _isInRound = true;
        foreach (var segment in _log.SealedSegments())
            _segmentsLeft.Enqueue(segment);

        foreach (var snapshot in _snapshots.List())
            _snapshotsLeft.Enqueue(snapshot.Id);

        return true;
    }

    private TimeSpan OpenNext()
    {
        if (_segmentsLeft.TryDequeue(out _segment))
        {
            OpenSegment(_segment);
        }
        else if (_snapshotsLeft.TryDequeue(out var id))
        {
            OpenSnapshot(id);
        }
        else
        {
            _isInRound = false;
            _observer.Scrubbed(0, isRoundOver: true);
        }

        return TimeSpan.Zero;
    }

    private void OpenSegment(SegmentHeader segment)
    {
        var path = PathOf(segment);
        try
        {
            var file = _files.Open(path, FileOpen.Read);

            // From the disk, not from memory: the copy there says nothing about the sectors.
            file.DropCache();
            _window = new FileWindow(file, _limits.ScrubStepBytes, retain: false);
            if (_window.Length != segment.FileLength)
                Found(new LogDamage(path, _window.Length, $"the file had {segment.FileLength} bytes when it was made"));
            else if (!SegmentHeader.TryRead(_window.Get(0, SegmentHeader.Length), out var header, out var fault))
                Found(new LogDamage(path, 0, fault));
            else if (header != segment)
                Found(new LogDamage(path, 0, "the header is not the one that was written"));
            else
                _scanner = new BatchScanner(_window, segment);
        }
        catch (FileNotFoundException)
        {
            // Compacted meanwhile.
        }
        catch (IOException e)
        {
            Found(new LogDamage(path, 0, $"it cannot be read: {e.Message}"));
        }
    }

    private long ReadSegment()
    {
        var start = _scanner!.Offset;
        try
        {
            var result = ScanResult.Batch;
            while (result == ScanResult.Batch && _scanner.Offset - start < _limits.ScrubStepBytes)
                result = _scanner.ReadBatch();

            if (result == ScanResult.Invalid)
                Found(new LogDamage(PathOf(_segment!), _scanner.FaultOffset, _scanner.Fault));
            else if (result == ScanResult.SegmentEnd)
                CloseSegment();
        }
        catch (IOException e)
        {
            Found(new LogDamage(PathOf(_segment!), start, $"it cannot be read: {e.Message}"));
        }

        return (_scanner?.Offset ?? _segment!.FileLength) - start;
    }

    private void Found(LogDamage damage)
    {
        CloseSegment();
        if (_log.Has(_segment!.Number))
            _observer.SegmentDamaged(damage, _segment.Number);
    }

    private void CloseSegment()
    {
        _window?.DropCache();
        _window?.Dispose();
        _window = null;
        _scanner = null;
    }

    private void OpenSnapshot(SnapshotId id)
    {
        try
        {
            _snapshot = _snapshots.OpenReader(id, isFromDisk: true);
        }
        catch (DataUnusableException e)
        {
            // One that is gone was deleted for a newer one.
            if (_snapshots.List().Any(s => s.Id == id))
                _observer.SnapshotDamaged(id, e.Message);
        }
    }

    private long ReadSnapshot()
    {
        long bytes = 0;
        try
        {
            while (bytes < _limits.ScrubStepBytes)
            {
                if (!_snapshot!.TryReadChunk(out var chunk))
                {
                    CloseSnapshot();
                    break;
                }

                bytes += chunk.Length;
            }
        }
        catch (DataUnusableException e)
        {
            var id = _snapshot!.Id;
            CloseSnapshot();
            _observer.SnapshotDamaged(id, e.Message);
        }

        return bytes;
    }

    private void CloseSnapshot()
    {
        _snapshot?.Dispose();
        _snapshot = null;
    }

    private string PathOf(SegmentHeader segment) => Path.Combine(_log.Directory, segment.FileName);
}
