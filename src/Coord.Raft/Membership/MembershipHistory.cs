namespace Coord.Raft;

/// <summary>
/// The memberships that the log sets, from the snapshot on: the last one is in force as soon as it is appended (Raft
/// thesis 4.1; raft-design M3), and an entry that is truncated takes it back (M4, BM3).
/// </summary>
internal sealed class MembershipHistory
{
    // Invariant: indexes strictly increase; the first one is in force at the snapshot, the others stand behind it.
    private readonly List<Membership> stack = [];

    /// <summary>Starts with what is in force at the snapshot, then takes the retained entries.</summary>
    public MembershipHistory(Membership atSnapshot) => stack.Add(atSnapshot);

    /// <summary>The one in force.</summary>
    public Membership Current => stack[^1];

    /// <summary>How many are kept.</summary>
    public int Count => stack.Count;

    /// <summary>An entry set it.</summary>
    public void Append(Membership membership)
    {
        Invariant.Require(membership.Index > Current.Index, "Memberships are appended in the order of the log.");
        stack.Add(membership);
    }

    /// <summary>Entries above <paramref name="last"/> were removed; true when that brings an older one back.</summary>
    public bool TruncateAfter(LogIndex last)
    {
        var count = stack.Count;
        while (stack.Count > 1 && Current.Index > last)
            stack.RemoveAt(stack.Count - 1);
        Invariant.Require(Current.Index <= last, "A membership below the snapshot is never taken back.");
        return stack.Count < count;
    }

    /// <summary>A received snapshot replaced the whole log.</summary>
    public void ResetTo(Membership atSnapshot)
    {
        stack.Clear();
        stack.Add(atSnapshot);
    }

    /// <summary>
    /// A local snapshot at <paramref name="index"/>: of what came before, only what is in force there is kept.
    /// </summary>
    public void CompactTo(LogIndex index)
    {
        while (stack.Count > 1 && stack[1].Index <= index)
            stack.RemoveAt(0);
    }

    /// <summary>Everybody in a membership that was in force at <paramref name="index"/> or came after it.</summary>
    public IEnumerable<NodeId> EverybodySince(LogIndex index) =>
        Since(index).SelectMany(membership => membership.Everybody()).Distinct();

    /// <summary>True for a voter of the membership in force at <paramref name="index"/> or of a later one.</summary>
    public bool IsVoterSince(LogIndex index, NodeId id) => Since(index).Any(membership => membership.IsVoter(id));

    private IEnumerable<Membership> Since(LogIndex index) =>
        stack.Skip(Math.Max(stack.FindLastIndex(membership => membership.Index <= index), 0));
}
