namespace Coord.Fuzz.Bytes;

/// <summary>Draws of one case: everything random in it comes from its seed (SplitMix64).</summary>
internal sealed class CaseRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0 to one below the limit.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool Chance(double chance) => Next() / (double)ulong.MaxValue < chance;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A number of any size: mostly small, now and then huge or negative.</summary>
    public long AnyLong() => Below(6) switch
    {
        0 => 0,
        1 => long.MaxValue,
        2 => -1,
        3 => (long)Next(),
        _ => Below(100_000),
    };

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)Next();
        return bytes;
    }
}
