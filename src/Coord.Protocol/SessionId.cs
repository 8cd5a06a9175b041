namespace Coord.Protocol;

/// <summary>A session's id. On Coord it is the zxid of the session's creation; 0 means no session.</summary>
/// <param name="Value">The number on the wire.</param>
public readonly record struct SessionId(long Value) : IComparable<SessionId>
{
    /// <summary>Orders by <see cref="Value"/>, which on Coord is the order of creation.</summary>
    /// <param name="other">The id to compare with.</param>
    /// <returns>Negative, zero or positive, as <see cref="long.CompareTo(long)"/>.</returns>
    public int CompareTo(SessionId other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left id is smaller.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">Another.</param>
    public static bool operator <(SessionId left, SessionId right) => left.Value < right.Value;

    /// <summary>Whether the left id is larger.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">Another.</param>
    public static bool operator >(SessionId left, SessionId right) => left.Value > right.Value;

    /// <summary>Whether the left id is not larger.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">Another.</param>
    public static bool operator <=(SessionId left, SessionId right) => left.Value <= right.Value;

    /// <summary>Whether the left id is not smaller.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">Another.</param>
    public static bool operator >=(SessionId left, SessionId right) => left.Value >= right.Value;
}
