namespace Coord.Raft;


/// <summary>Term of office (Raft thesis 3.3). 0 is before the first election.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Term(long Value) : IComparable<Term>
{
    /// <summary>The term that a campaign starts.</summary>
    public Term Next => new(Value + 1);

    /// <summary>Orders by number.</summary>
    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    /// <summary>True when <paramref name="left"/> is earlier.</summary>
    public static bool operator <(Term left, Term right) => left.Value < right.Value;

    /// <summary>True when <paramref name="left"/> is later.</summary>
    public static bool operator >(Term left, Term right) => left.Value > right.Value;

    /// <summary>True when <paramref name="left"/> is not later.</summary>
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;

    /// <summary>True when <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;

    /// <summary>The number alone.</summary>
    public override string ToString() => Value.ToString();
}
