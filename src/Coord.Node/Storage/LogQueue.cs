using Coord.Node.Hosting;

namespace Coord.Node.Storage;

/// <summary>
/// Appends waiting for the log writer. Unbounded by itself: the core bounds what is uncommitted (raft-design A5, R20).
/// While a batch is flushed, the next one gathers here (P2).
/// </summary>
internal sealed class LogQueue
{
    private readonly Lock _gate = new();
    private readonly ThreadSignal _arrived = new();
    private readonly TimeProvider _time;
    private readonly long _batchBytesMax;
    private List<LogItem> _queued = [];
    private List<LogItem> _taken = [];
    private int _takenFrom;
    private long _queuedSince;
    private long _takenSince;
    private bool _isWaiting;

    public LogQueue(TimeProvider time, long batchBytesMax)
    {
        _time = time;
        _batchBytesMax = batchBytesMax;
    }

    public void Add(LogItem item)
    {
        lock (_gate)
        {
            if (_queued.Count == 0)
                _queuedSince = _time.GetTimestamp();

            _queued.Add(item);
            if (!_isWaiting)
                return;

            _isWaiting = false;
        }

        _arrived.Set();
    }

    /// <summary>Fills the list with the next batch: all that is queued, up to a byte limit, always one item.</summary>
    public bool TakeBatch(List<LogItem> batch)
    {
        batch.Clear();
        if (_takenFrom == _taken.Count && !TakeQueued())
            return false;

        long bytes = 0;
        while (_takenFrom < _taken.Count)
        {
            bytes += _taken[_takenFrom].CountBytes();
            if (batch.Count > 0 && bytes > _batchBytesMax)
                break;

            batch.Add(_taken[_takenFrom++]);
        }

        return true;
    }

    /// <summary>Another batch could be taken. For the thread that takes them.</summary>
    public bool HasAny
    {
        get
        {
            if (_takenFrom < _taken.Count)
                return true;
            lock (_gate)
                return _queued.Count > 0;
        }
    }

    /// <summary>Says that the batch taken last is durable.</summary>
    public void BatchDone()
    {
        if (_takenFrom < _taken.Count)
            return;

        lock (_gate)
            _takenSince = 0;
    }

    /// <summary>How long the oldest item that is not durable has been waiting (raft-design E16).</summary>
    public TimeSpan OldestAge()
    {
        lock (_gate)
        {
            var since = _takenSince != 0 ? _takenSince : _queued.Count > 0 ? _queuedSince : 0;
            return since == 0 ? TimeSpan.Zero : _time.GetElapsedTime(since);
        }
    }

    /// <summary>Blocks the writer thread until something is queued, or the time is over.</summary>
    public void Wait(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (_queued.Count > 0)
                return;

            _isWaiting = true;
        }

        _arrived.Wait(timeout);
    }

    /// <summary>Wakes the writer thread without work, to let it see that it is to stop.</summary>
    public void Wake() => _arrived.Set();

    private bool TakeQueued()
    {
        _taken.Clear();
        _takenFrom = 0;
        lock (_gate)
        {
            if (_queued.Count == 0)
                return false;

            (_queued, _taken) = (_taken, _queued);
            _takenSince = _queuedSince;
            return true;
        }
    }
}
