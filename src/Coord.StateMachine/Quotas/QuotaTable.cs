namespace Coord.StateMachine;

/// <summary>
/// The limits of all paths that have some: what the znodes below <c>/zookeeper/quota</c> say, read once. Follows from
/// them, so it is in no snapshot and no digest.
/// </summary>
internal sealed class QuotaTable(ulong seed)
{
    private readonly Dictionary<byte[], QuotaLimits> _limits = new(new ByteStringComparer(seed));
    private int _longestPath;

    /// <summary>While nothing has a quota, a check costs nothing.</summary>
    public bool IsEmpty => _limits.Count == 0;

    /// <summary>A znode has these data now; the limits are taken over if it holds some.</summary>
    public void Note(ReadOnlySpan<byte> path, ReadOnlySpan<byte> data)
    {
        if (!QuotaPaths.IsLimits(path, out var of))
            return;
        _limits.GetAlternateLookup<ReadOnlySpan<byte>>()[of] = QuotaLimits.Parse(data);
        _longestPath = Math.Max(_longestPath, of.Length);
    }

    /// <summary>A znode is gone, and the limits that it held with it.</summary>
    public void Forget(ReadOnlySpan<byte> path)
    {
        if (!QuotaPaths.IsLimits(path, out var of))
            return;
        _limits.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(of);
        if (IsEmpty)
            _longestPath = 0;
    }

    /// <summary>The quota of a path is that of the deepest one with limits among itself and those above it.</summary>
    public bool TryFind(ReadOnlySpan<byte> path, out byte[] of, out QuotaLimits limits)
    {
        var lookup = _limits.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int length = path.Length; length > 0; length = path[..length].LastIndexOf((byte)'/'))
        {
            if (length <= _longestPath && lookup.TryGetValue(path[..length], out of!, out limits))
                return true;
        }

        of = [];
        limits = default;
        return false;
    }
}
