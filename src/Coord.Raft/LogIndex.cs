namespace Coord.Raft;


/// <summary>Position of an entry in the log, 1 and up. 0 is before the first entry.</summary>
/// <param name="Value">The number.</param>
public readonly record struct LogIndex(long Value) : IComparable<LogIndex>
{
    /// <summary>The index that follows.</summary>
    public LogIndex Next => new(Value + 1);

    /// <summary>The index before.</summary>
    public LogIndex Previous => new(Value - 1);

    /// <summary>The index <paramref name="count"/> entries later.</summary>
    public static LogIndex operator +(LogIndex index, long count) => new(index.Value + count);

    /// <summary>The index <paramref name="count"/> entries earlier.</summary>
    public static LogIndex operator -(LogIndex index, long count) => new(index.Value - count);

    /// <summary>
    /// How many entries lie after <paramref name="right"/>, up to and including <paramref name="left"/>.
    /// </summary>
    public static long operator -(LogIndex left, LogIndex right) => left.Value - right.Value;

    /// <summary>The lower of two.</summary>
    public static LogIndex Min(LogIndex left, LogIndex right) => left.Value <= right.Value ? left : right;

    /// <summary>The higher of two.</summary>
    public static LogIndex Max(LogIndex left, LogIndex right) => left.Value >= right.Value ? left : right;

    /// <summary>Orders by number.</summary>
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    /// <summary>True when <paramref name="left"/> is earlier.</summary>
    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;

    /// <summary>True when <paramref name="left"/> is later.</summary>
    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;

    /// <summary>True when <paramref name="left"/> is not later.</summary>
    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;

    /// <summary>True when <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;

    /// <summary>The number alone.</summary>
    public override string ToString() => Value.ToString();
}
