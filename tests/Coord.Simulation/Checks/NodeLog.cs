using Coord.Raft;

namespace Coord.Simulation.Checks;

/// <summary>
/// What one node's log holds, in memory and on disk, as told by its appends and flushes. Below the base there are no
/// entries, a snapshot stands for them.
/// </summary>
internal sealed class NodeLog
{
    private readonly TermMap _appended = new();
    private readonly TermMap _durable = new();
    private readonly Queue<LogWrite> _outstanding = new();

    public long LastIndex => _appended.LastIndex;

    public long DurableLastIndex => _durable.LastIndex;

    public HardState DurableState { get; private set; }

    public long BaseIndex => _appended.BaseIndex;

    /// <summary>What recovery found; it is all durable.</summary>
    public void Recover(long baseIndex, long baseTerm, HardState state, IEnumerable<(long Index, long Term)> entries)
    {
        _outstanding.Clear();
        _appended.Reset(baseIndex, baseTerm);
        _durable.Reset(baseIndex, baseTerm);
        foreach (var (index, term) in entries)
        {
            _appended.Put(index, term);
            _durable.Put(index, term);
        }

        DurableState = state;
    }

    public void Append(LogAppend append)
    {
        var write = new LogWrite(append);
        write.ApplyTo(_appended);
        _outstanding.Enqueue(write);
    }

    /// <summary>A mark that drops the log was queued; it counts once it is durable.</summary>
    public void QueueReset(long index, long term) => _outstanding.Enqueue(new LogWrite(index, term));

    /// <summary>Appends are durable. A mark before them was reported before them: none is behind one.</summary>
    public void Persisted(long sequence)
    {
        while (_outstanding.TryPeek(out var next) && !next.IsReset && next.Sequence <= sequence)
            TakeNext();
    }

    /// <summary>A mark is durable; if it drops the log, everything queued before it is durable too.</summary>
    public void Marked(long index, long term)
    {
        if (!_outstanding.Any(w => w.IsReset && w.BaseIndex == index))
            return;

        LogWrite next;
        do
        {
            next = _outstanding.Peek();
            TakeNext();
        }
        while (!next.IsReset);

        _appended.Reset(index, term);
        foreach (var write in _outstanding)
            write.ApplyTo(_appended);
    }

    public bool Holds(long index, long term) => _appended.Holds(index, term);

    public bool HoldsDurably(long index, long term) => _durable.Holds(index, term);

    public long? TermAt(long index) => _appended.TermAt(index);

    /// <summary>
    /// What a crash may have left: everything durable, and any number of the writes after it. Changes this log: it is
    /// replaced anyhow.
    /// </summary>
    public bool CouldHaveBecome(HardState state, long lastIndex, IReadOnlyList<(long Index, long Term)> entries)
    {
        while (true)
        {
            if (DurableState == state && _durable.Matches(lastIndex, entries))
                return true;

            if (_outstanding.Count == 0)
                return false;

            TakeNext();
        }
    }

    private void TakeNext()
    {
        var write = _outstanding.Dequeue();
        write.ApplyTo(_durable);
        DurableState = write.State ?? DurableState;
    }
}
