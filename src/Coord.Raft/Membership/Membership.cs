using System.Diagnostics.CodeAnalysis;

namespace Coord.Raft;

/// <summary>
/// Who votes, who learns, and between which two sets of voters the cluster is on its way (Raft thesis 4.3;
/// raft-design M1). Lists are sorted by number and hold nobody twice.
/// </summary>
public sealed record Membership
{
    private readonly NodeId[] voters = [];
    private readonly NodeId[] outgoing = [];
    private readonly NodeId[] learners = [];
    private readonly NodeId[] learnersNext = [];

    /// <summary>Nobody: what a node knows that was never let in. No quorum is ever reached.</summary>
    public static Membership None { get; } = new();

    /// <summary>The voters; while joint, those of the set that is coming.</summary>
    public IReadOnlyList<NodeId> Voters
    {
        get => voters;
        init => voters = Sorted(value);
    }

    /// <summary>The voters of the set that is going; empty unless joint.</summary>
    public IReadOnlyList<NodeId> OutgoingVoters
    {
        get => outgoing;
        init => outgoing = Sorted(value);
    }

    /// <summary>Nodes that are sent everything and count nowhere (raft-design M13).</summary>
    public IReadOnlyList<NodeId> Learners
    {
        get => learners;
        init => learners = Sorted(value);
    }

    /// <summary>Outgoing voters that become learners when the joint membership is left.</summary>
    public IReadOnlyList<NodeId> LearnersNext
    {
        get => learnersNext;
        init => learnersNext = Sorted(value);
    }

    /// <summary>Index of the entry that set it; 0 for the genesis. Not part of the encoding.</summary>
    public LogIndex Index { get; init; }

    /// <summary>What the node keeps with it: addresses and incarnations. Opaque here.</summary>
    public ReadOnlyMemory<byte> Directory { get; init; }

    /// <summary>A quorum takes a majority of both sets of voters (raft-design M2).</summary>
    public bool IsJoint => outgoing.Length > 0;

    /// <summary>A membership of these voters, in force from the beginning.</summary>
    public static Membership OfVoters(IEnumerable<NodeId> voters) => new() { Voters = [.. voters] };

    /// <summary>Reads the payload of an entry of kind <see cref="EntryKind.Membership"/>.</summary>
    /// <param name="payload">What <see cref="Encode"/> wrote.</param>
    /// <param name="index">Index of the entry.</param>
    /// <param name="membership">What it says.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> payload, LogIndex index, [NotNullWhen(true)] out Membership? membership) =>
        MembershipCodec.TryDecode(payload, index, out membership);

    /// <summary>The payload of an entry of kind <see cref="EntryKind.Membership"/>.</summary>
    public byte[] Encode() => MembershipCodec.Encode(this);

    /// <summary>True for a voter of either set and for a learner.</summary>
    public bool Contains(NodeId id) => IsVoter(id) || IsLearner(id);

    /// <summary>True for a voter of either set.</summary>
    public bool IsVoter(NodeId id) => Array.IndexOf(voters, id) >= 0 || Array.IndexOf(outgoing, id) >= 0;

    /// <summary>True for a learner that votes in neither set.</summary>
    public bool IsLearner(NodeId id) => Array.IndexOf(learners, id) >= 0;

    /// <summary>What a joint membership leads to.</summary>
    internal Membership ToFinal() => new()
    {
        Voters = voters,
        Learners = [.. learners, .. learnersNext],
        Directory = Directory,
    };

    /// <summary>Everybody in it, by number.</summary>
    internal NodeId[] Everybody() => [.. voters.Union(outgoing).Union(learners).Order()];

    /// <summary>Equal in all that is encoded, and set by the same entry.</summary>
    public bool Equals(Membership? other) =>
        other is not null && Index == other.Index && Encode().AsSpan().SequenceEqual(other.Encode());

    /// <summary>Goes by the index alone.</summary>
    public override int GetHashCode() => Index.GetHashCode();

    /// <summary>As traces show it: <c>voters n1 n2 n3 from n1 n2, learners n4</c>.</summary>
    public override string ToString() =>
        $"voters {List(voters)}" +
        (IsJoint ? $" from {List(outgoing)}" : "") +
        (learners.Length > 0 ? $", learners {List(learners)}" : "") +
        (learnersNext.Length > 0 ? $", learners next {List(learnersNext)}" : "");

    private static string List(NodeId[] nodes) => nodes.Length == 0 ? "none" : string.Join(' ', nodes);

    private static NodeId[] Sorted(IReadOnlyList<NodeId> nodes)
    {
        NodeId[] sorted = [.. nodes];
        Array.Sort(sorted);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Value <= 0 || (i > 0 && sorted[i] == sorted[i - 1]))
                throw new ArgumentException($"{sorted[i]} is no node, or is listed twice.", nameof(nodes));
        }

        return sorted;
    }
}
