using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Admin;

/// <summary>The active membership: who takes part, as what, and where they are (raft-design M1, M3).</summary>
internal sealed record MembershipStatus
{
    /// <summary>Before anything is known of it.</summary>
    public static MembershipStatus None { get; } = new();

    /// <summary>The index of the entry that set it; 0 for the genesis.</summary>
    public LogIndex Index { get; init; }

    /// <summary>Everybody's incarnation and addresses, learners too.</summary>
    public IReadOnlyList<Member> Members { get; init; } = [];

    public IReadOnlyList<NodeId> Voters { get; init; } = [];

    /// <summary>The voters of before, while a change is under way.</summary>
    public IReadOnlyList<NodeId> OutgoingVoters { get; init; } = [];

    public IReadOnlyList<NodeId> Learners { get; init; } = [];

    /// <summary>A change of voters is under way: quorums of both halves are needed (raft-design M2).</summary>
    public bool IsJoint { get; init; }

    /// <summary>What the founding nodes begin with.</summary>
    public static MembershipStatus Founding(IReadOnlyList<Member> members) =>
        new() { Members = members, Voters = [.. members.Select(member => member.Id)] };
}
