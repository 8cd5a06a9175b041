namespace Coord.Client.Recipes;

/// <summary>
/// A number that is larger for every later holder of the same path. Hand it to whatever the lock protects; that side
/// keeps the largest seen and refuses smaller ones. Here it is the czxid of the contender znode, whose order is the
/// order of grants.
/// </summary>
/// <param name="Value">The number, positive.</param>
public readonly record struct FencingToken(long Value) : IComparable<FencingToken>
{
    /// <summary>Whether the first was granted before the second.</summary>
    /// <param name="left">A token.</param>
    /// <param name="right">Another token of the same path.</param>
    /// <returns>The comparison of the values.</returns>
    public static bool operator <(FencingToken left, FencingToken right) => left.Value < right.Value;

    /// <summary>Whether the first was granted after the second.</summary>
    /// <param name="left">A token.</param>
    /// <param name="right">Another token of the same path.</param>
    /// <returns>The comparison of the values.</returns>
    public static bool operator >(FencingToken left, FencingToken right) => left.Value > right.Value;

    /// <summary>Whether the first was granted before the second or is the same.</summary>
    /// <param name="left">A token.</param>
    /// <param name="right">Another token of the same path.</param>
    /// <returns>The comparison of the values.</returns>
    public static bool operator <=(FencingToken left, FencingToken right) => left.Value <= right.Value;

    /// <summary>Whether the first was granted after the second or is the same.</summary>
    /// <param name="left">A token.</param>
    /// <param name="right">Another token of the same path.</param>
    /// <returns>The comparison of the values.</returns>
    public static bool operator >=(FencingToken left, FencingToken right) => left.Value >= right.Value;

    /// <summary>Compares the values.</summary>
    /// <param name="other">Another token of the same path.</param>
    /// <returns>Negative when this one was granted earlier.</returns>
    public int CompareTo(FencingToken other) => Value.CompareTo(other.Value);
}
