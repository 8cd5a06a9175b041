namespace Coord.Node.Storage;

/// <summary>
/// Writes segments full of zeros ahead of need, in throttled steps of a background thread (raft-design P4): the next
/// one, and a small reserve that is used only when the disk gives nothing any more. So running out of room shows here,
/// and votes, terms and membership entries can still be written (P40).
/// </summary>
internal sealed class SegmentPreparer : IDisposable
{
    // What has to stay free behind the prepared segment before the disk counts as free again: half a cure would make
    // the node come and go.
    private const int MarginSegments = 2;

    private readonly IFileSystem _files;
    private readonly NodeLimits _limits;
    private readonly SegmentedLog _log;
    private readonly string _directory;
    private readonly string _workPath;
    private readonly string _readyPath;
    private readonly string _reservePath;
    private readonly string _takenPath;
    private readonly long _reserveBytes;
    private readonly byte[] _zeros;
    private readonly Lock _gate = new();
    private IFile? _file;
    private long _written;
    private long _flushed;
    private bool _isForReserve;
    private bool _isReady;
    private bool _hasReserve;
    private volatile bool _isDiskFull;

    public SegmentPreparer(IFileSystem files, SegmentedLog log, NodeLimits limits)
    {
        _files = files;
        _limits = limits;
        _log = log;
        _directory = log.Directory;
        _workPath = Path.Combine(_directory, "prepared-work" + SegmentFiles.TemporaryExtension);
        _readyPath = Path.Combine(_directory, "prepared" + SegmentFiles.TemporaryExtension);

        _takenPath = SegmentFiles.NextPath(_directory);

        // No temporary file: a node that starts on a full disk needs it most.
        _reservePath = Path.Combine(_directory, "reserve");
        _reserveBytes = limits.FirstSegmentBytes;
        _zeros = new byte[Math.Min(limits.ZeroFillStepBytes, limits.SegmentBytes)];
        _hasReserve = FindReserve();
    }

    /// <summary>
    /// True from when the next segment cannot be prepared until it has been, and there is room beside it.
    /// </summary>
    public bool IsDiskFull => _isDiskFull;

    /// <summary>One step; false when there is nothing to do, or no room to do it.</summary>
    public bool RunOnce()
    {
        bool isReserve;
        lock (_gate)
        {
            if (_isReady && _hasReserve)
            {
                _isDiskFull &= !HasRoom(MarginSegments * (long)_limits.SegmentBytes);
                return false;
            }

            // What was begun is finished: the reserve may have been taken meanwhile, and is not as long.
            isReserve = _file is null ? !_hasReserve : _isForReserve;
        }

        _isForReserve = isReserve;
        var length = isReserve ? _reserveBytes : _limits.SegmentBytes;
        if (_file is null && !HasRoom(length))
        {
            _isDiskFull = true;
            return false;
        }

        return TryStep(length, isReserve);
    }

    /// <summary>Takes the prepared file, if there is one that is long enough.</summary>
    public bool TryTake(long lengthMin, out string path, out long length)
    {
        path = _takenPath;
        length = _limits.SegmentBytes;
        lock (_gate)
        {
            if (!_isReady || length < lengthMin)
                return false;

            // Known before the first entry goes into the spare: all of it is left for what must still be written.
            Take(_readyPath);
            _isReady = false;
            _isDiskFull |= !HasRoom(length);
            return true;
        }
    }

    /// <summary>Takes the reserve, when a segment can be had in no other way (raft-design P40).</summary>
    public bool TryTakeReserve(long lengthMin, out string path, out long length)
    {
        path = _takenPath;
        length = _reserveBytes;
        lock (_gate)
        {
            if (!_hasReserve || length < lengthMin)
                return false;

            Take(_reservePath);
            _hasReserve = false;
            _isDiskFull = true;
            return true;
        }
    }

    public void Dispose() => _file?.Dispose();

    // Out of the way of the next one, which may be finished before this one has got its header and its own name: it
    // would take the place of a segment that entries are acknowledged from.
    private void Take(string path) => _files.Rename(path, _takenPath);

    private bool FindReserve()
    {
        if (!_files.Exists(_reservePath))
            return false;

        using (var file = _files.Open(_reservePath, FileOpen.Read))
        {
            if (file.Length == _reserveBytes)
                return true;
        }

        _files.Delete(_reservePath);
        return false;
    }

    private bool HasRoom(long bytes) => _files.FreeBytes(_directory) >= bytes;

    private bool TryStep(long length, bool isReserve)
    {
        try
        {
            Step(length, isReserve);
            return true;
        }
        catch (StorageFullException)
        {
            // raft-design P40: not a failure yet, the log goes on in the segment it has. What was written is given
            // back, for those who need room more.
            _isDiskFull = true;
            Abandon();
            return false;
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Preparing a log segment failed: {e.Message}", e);
        }
    }

    private void Step(long length, bool isReserve)
    {
        _file ??= Begin(isReserve);
        var left = length - _written;
        if (left > 0)
        {
            var count = (int)Math.Min(left, _zeros.Length);
            _file.Write(_written, _zeros.AsSpan(0, count));
            _written += count;
        }

        if (_written < length && _written - _flushed < _limits.BackgroundFlushBytes)
            return;

        _file.FlushData();
        _flushed = _written;
        if (_written == length)
            Finish(isReserve);
    }

    // An old segment has been written before: no blocks have to be found for it, and none given back.
    private IFile Begin(bool isReserve)
    {
        var isOld = !isReserve && _log.TryTakeOldSegment(_workPath);
        return _files.Open(_workPath, isOld ? FileOpen.Existing : FileOpen.Create);
    }

    private void Finish(bool isReserve)
    {
        CloseFile();
        _files.Rename(_workPath, isReserve ? _reservePath : _readyPath);
        if (isReserve)
            _files.FlushDirectory(_directory);

        lock (_gate)
        {
            _isReady |= !isReserve;
            _hasReserve |= isReserve;
        }
    }

    private void Abandon()
    {
        if (_file is null)
            return;

        CloseFile();
        _files.Delete(_workPath);
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
        _written = 0;
        _flushed = 0;
    }
}
