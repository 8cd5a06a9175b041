namespace Coord.StateMachine;

/// <summary>
/// Walks a path one component after the other and hashes each prefix from the one before it: all ancestors of a path
/// are looked up at the cost of reading it once, however deep it is.
/// </summary>
internal ref struct PathPrefixes(ReadOnlySpan<byte> path, ulong seed)
{
    private readonly ReadOnlySpan<byte> _path = path;
    private bool _isBegun;

    /// <summary>The length of the prefix stood at. The root is no prefix but of itself.</summary>
    public int Length { get; private set; }

    /// <summary>The hash of that prefix.</summary>
    public ulong Hash { get; private set; } = seed;

    /// <summary>The hash of a whole path.</summary>
    public static uint HashOf(ReadOnlySpan<byte> path, ulong seed)
    {
        var prefixes = new PathPrefixes(path, seed);
        while (prefixes.MoveNext())
        {
        }

        return (uint)prefixes.Hash;
    }

    /// <summary>Goes to the next longer prefix; false behind the whole path.</summary>
    public bool MoveNext()
    {
        var rest = _path[Length..];
        if (rest.IsEmpty && _isBegun)
            return false;

        _isBegun = true;
        int slash = rest.IsEmpty ? -1 : rest[1..].IndexOf((byte)'/');
        var component = slash < 0 ? rest : rest[..(slash + 1)];
        Hash = FastHash.Bytes(component, Hash);
        Length += component.Length;
        return true;
    }
}
