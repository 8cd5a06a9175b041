using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// One step of a change: what the membership must be for the next one to begin. Each is one change of the engine, or
/// only a wait (raft-design M5: one at a time).
/// </summary>
internal abstract record MembershipStep
{
    /// <summary>Whether this membership, committed and not joint, has it already.</summary>
    public abstract bool IsDone(Membership membership, MemberDirectory directory);

    /// <summary>The change to ask for; null where there is nothing to do but to wait.</summary>
    public abstract MembershipGoal? Goal(Membership membership, MemberDirectory directory);

    /// <summary>Who is and stays a member, with the addresses that count from now on.</summary>
    protected static MemberDirectory Present(Membership membership, MemberDirectory directory) =>
        new(directory.Members.Where(member => membership.Contains(member.Id)));
}

/// <summary>What the engine is asked for.</summary>
internal sealed record MembershipGoal(
    IReadOnlyList<NodeId> Voters, IReadOnlyList<NodeId> Learners, MemberDirectory Directory);

/// <summary>
/// Nodes come in as learners (raft-design M9), or members move to other addresses, or cease to vote.
/// </summary>
internal sealed record AdmitStep(IReadOnlyList<Member> Nodes) : MembershipStep
{
    public override bool IsDone(Membership membership, MemberDirectory directory) => Nodes.All(node =>
        membership.Contains(node.Id) && directory.Find(node.Id) == node
        && (node.Votes || !membership.IsVoter(node.Id)));

    public override MembershipGoal Goal(Membership membership, MemberDirectory directory)
    {
        var after = Nodes.Aggregate(Present(membership, directory), (all, node) => all.With(node));
        var demoted = Nodes.Where(node => !node.Votes).Select(node => node.Id);
        NodeId[] voters = [.. membership.Voters.Except(demoted)];
        return new MembershipGoal(
            voters, [.. after.Members.Select(member => member.Id).Where(id => !voters.Contains(id))], after);
    }
}

/// <summary>Members go, voters or learners.</summary>
internal sealed record DismissStep(IReadOnlyList<NodeId> Nodes) : MembershipStep
{
    public override bool IsDone(Membership membership, MemberDirectory directory) =>
        !Nodes.Any(membership.Contains);

    public override MembershipGoal Goal(Membership membership, MemberDirectory directory) => new(
        [.. membership.Voters.Except(Nodes)], [.. membership.Learners.Except(Nodes)], Present(membership, directory));
}

/// <summary>Learners are promoted by themselves once they have caught up; this waits for it.</summary>
internal sealed record AwaitVotersStep(IReadOnlyList<NodeId> Nodes) : MembershipStep
{
    public override bool IsDone(Membership membership, MemberDirectory directory) => Nodes.All(membership.IsVoter);

    public override MembershipGoal? Goal(Membership membership, MemberDirectory directory) => null;
}
