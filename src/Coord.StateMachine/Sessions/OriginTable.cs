namespace Coord.StateMachine;

/// <summary>
/// Which sequence each node's current process continues with (raft-design I9): exactly the next one applies, so
/// a request that was sent again is not applied again, and one that was lost is not overtaken.
/// </summary>
internal sealed class OriginTable
{
    private readonly Dictionary<int, Origin> _origins = [];

    /// <summary>All nodes seen and what is expected of them.</summary>
    public IReadOnlyDictionary<int, Origin> All => _origins;

    /// <summary>Takes the sequence when it is the expected one; otherwise changes nothing.</summary>
    public ApplyOutcome Take(int node, long start, long sequence)
    {
        _origins.TryGetValue(node, out var known);
        if (start < known.Start)
            return ApplyOutcome.Repeat;

        long expected = start == known.Start ? known.NextSequence : 1;
        if (sequence < expected)
            return ApplyOutcome.Repeat;
        if (sequence > expected)
            return ApplyOutcome.Gap;

        _origins[node] = new Origin(start, sequence + 1);
        return ApplyOutcome.Applied;
    }

    /// <summary>Sets what a snapshot says.</summary>
    public void Restore(int node, Origin origin) => _origins[node] = origin;

    /// <summary>The origins' part of the content hash.</summary>
    public ulong ContentHash()
    {
        ulong sum = 0;
        foreach (var (node, origin) in _origins)
            sum += origin.ContentHash(node);
        return sum;
    }
}
