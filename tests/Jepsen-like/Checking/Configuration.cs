namespace Coord.JepsenLike.Checking;

/// <summary>
/// A point that the search has been at: the register's state and the set of operations already placed. Almost always
/// that set is everything up to some operation plus a few behind it, so it is kept as a length and a short bit set.
/// </summary>
internal sealed class Configuration : IEquatable<Configuration>
{
    private readonly long tag;
    private readonly int version;
    private readonly int prefix;
    private readonly ulong[] bits;
    private readonly int hash;

    public Configuration(long tag, int version, int prefix, ulong[] bits)
    {
        (this.tag, this.version, this.prefix, this.bits) = (tag, version, prefix, bits);
        var sum = default(HashCode);
        sum.Add(tag);
        sum.Add(version);
        sum.Add(prefix);
        foreach (var word in bits)
            sum.Add(word);
        hash = sum.ToHashCode();
    }

    public bool Equals(Configuration? other) =>
        other is not null && tag == other.tag && version == other.version && prefix == other.prefix &&
        bits.AsSpan().SequenceEqual(other.bits);

    public override bool Equals(object? obj) => Equals(obj as Configuration);

    public override int GetHashCode() => hash;
}
