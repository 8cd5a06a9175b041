using Coord.Raft;

namespace Coord.Simulation.Checks;

/// <summary>An append, or a mark that drops the log, on its way to the disk.</summary>
internal sealed class LogWrite
{
    private readonly (long Index, long Term)[] _entries = [];
    private readonly (long Index, long Term) _base;

    public LogWrite(LogAppend append)
    {
        Sequence = append.Sequence;
        State = append.HardState;
        _entries = append.Entries.Select(e => (e.Index.Value, e.Term.Value)).ToArray();
    }

    public LogWrite(long baseIndex, long baseTerm)
    {
        IsReset = true;
        _base = (baseIndex, baseTerm);
    }

    /// <summary>Zero for a mark: durable with the next append at the latest.</summary>
    public long Sequence { get; }

    public HardState? State { get; }

    public bool IsReset { get; }

    public long BaseIndex => _base.Index;

    public void ApplyTo(TermMap map)
    {
        if (IsReset)
            map.Reset(_base.Index, _base.Term);

        foreach (var (index, term) in _entries)
            map.Put(index, term);
    }
}
