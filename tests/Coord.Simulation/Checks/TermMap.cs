namespace Coord.Simulation.Checks;

/// <summary>The terms of a log's entries above a base. An entry replaces all at and above its index.</summary>
internal sealed class TermMap
{
    private readonly Dictionary<long, long> _terms = [];
    private long _baseTerm;

    public long BaseIndex { get; private set; }

    public long LastIndex { get; private set; }

    public void Reset(long index, long term)
    {
        _terms.Clear();
        BaseIndex = index;
        _baseTerm = term;
        LastIndex = index;
    }

    public void Put(long index, long term)
    {
        for (var above = index; above <= LastIndex; above++)
            _terms.Remove(above);

        _terms[index] = term;
        LastIndex = index;
    }

    public long? TermAt(long index) =>
        index == BaseIndex ? _baseTerm : _terms.TryGetValue(index, out var term) ? term : null;

    // A snapshot holds committed entries only, so whatever is committed at or below its end is in it.
    public bool Holds(long index, long term) =>
        index <= BaseIndex || (_terms.TryGetValue(index, out var found) && found == term);

    /// <summary>Whether the entries, which may begin later, are these.</summary>
    public bool Matches(long lastIndex, IReadOnlyList<(long Index, long Term)> entries) =>
        lastIndex == LastIndex && entries.All(e => e.Index <= BaseIndex || TermAt(e.Index) == e.Term);
}
