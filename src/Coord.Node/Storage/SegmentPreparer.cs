namespace Coord.Node.Storage;

/// <summary>
/// Writes the next segment full of zeros ahead of need, in throttled steps of a background thread (raft-design P4).
/// A full disk shows here, while the log still has room (P40).
/// </summary>
internal sealed class SegmentPreparer : IDisposable
{
    private readonly IFileSystem _files;
    private readonly NodeLimits _limits;
    private readonly string _workPath;
    private readonly string _readyPath;
    private readonly byte[] _zeros;
    private readonly Lock _gate = new();
    private IFile? _file;
    private long _written;
    private long _flushed;
    private bool _isReady;
    private volatile bool _isDiskFull;

    public SegmentPreparer(IFileSystem files, string directory, NodeLimits limits)
    {
        _files = files;
        _limits = limits;
        _workPath = Path.Combine(directory, "prepared-work" + SegmentFiles.TemporaryExtension);
        _readyPath = Path.Combine(directory, "prepared" + SegmentFiles.TemporaryExtension);
        _zeros = new byte[Math.Min(limits.ZeroFillStepBytes, limits.SegmentBytes)];
    }

    /// <summary>True while there is no room to prepare a segment.</summary>
    public bool IsDiskFull => _isDiskFull;

    /// <summary>One step; false when there is nothing to do, or no room to do it.</summary>
    public bool RunOnce()
    {
        lock (_gate)
        {
            if (_isReady)
                return false;
        }

        try
        {
            Step();
            _isDiskFull = false;
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

    /// <summary>Takes the prepared file, if there is one that is long enough.</summary>
    public bool TryTake(long lengthMin, out string path, out long length)
    {
        path = _readyPath;
        length = _limits.SegmentBytes;
        lock (_gate)
        {
            if (!_isReady || length < lengthMin)
                return false;

            _isReady = false;
            return true;
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Step()
    {
        _file ??= _files.Open(_workPath, FileOpen.Create);
        var left = _limits.SegmentBytes - _written;
        if (left > 0)
        {
            var count = (int)Math.Min(left, _zeros.Length);
            _file.Write(_written, _zeros.AsSpan(0, count));
            _written += count;
        }

        if (_written < _limits.SegmentBytes && _written - _flushed < _limits.BackgroundFlushBytes)
            return;

        _file.FlushData();
        _flushed = _written;
        if (_written == _limits.SegmentBytes)
            Finish();
    }

    private void Finish()
    {
        CloseFile();
        _files.Rename(_workPath, _readyPath);
        lock (_gate)
            _isReady = true;
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
