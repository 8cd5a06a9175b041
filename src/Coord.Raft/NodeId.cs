namespace Coord.Raft;


/// <summary>Number of a node in its cluster, 1 and up. 0 is no node.</summary>
/// <param name="Value">The number as in <c>cluster.json</c>.</param>
public readonly record struct NodeId(int Value) : IComparable<NodeId>
{
    /// <summary>Orders nodes by number: the order of every walk over peers (raft-design A10).</summary>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>True when <paramref name="left"/> has the lower number.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.Value < right.Value;

    /// <summary>True when <paramref name="left"/> has the higher number.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.Value > right.Value;

    /// <summary>True when <paramref name="left"/> has no higher number.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.Value <= right.Value;

    /// <summary>True when <paramref name="left"/> has no lower number.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.Value >= right.Value;

    /// <summary>As scenarios and logs write it: <c>n1</c>.</summary>
    public override string ToString() => $"n{Value}";
}
