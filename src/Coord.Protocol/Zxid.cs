namespace Coord.Protocol;

/// <summary>
/// A ZooKeeper transaction id. On Coord it is the index of the log entry that made the change; it only grows.
/// </summary>
/// <param name="Value">The number on the wire; -1 where no entry is meant.</param>
public readonly record struct Zxid(long Value) : IComparable<Zxid>
{
    /// <summary>Orders by <see cref="Value"/>.</summary>
    /// <param name="other">The zxid to compare with.</param>
    /// <returns>Negative, zero or positive, as <see cref="long.CompareTo(long)"/>.</returns>
    public int CompareTo(Zxid other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left zxid is older.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator <(Zxid left, Zxid right) => left.Value < right.Value;

    /// <summary>Whether the left zxid is newer.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator >(Zxid left, Zxid right) => left.Value > right.Value;

    /// <summary>Whether the left zxid is not newer.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator <=(Zxid left, Zxid right) => left.Value <= right.Value;

    /// <summary>Whether the left zxid is not older.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator >=(Zxid left, Zxid right) => left.Value >= right.Value;
}
