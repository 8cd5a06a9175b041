namespace Coord.Raft;

/// <summary>A leader changes the membership (Raft thesis 4.3; raft-design M2, M5 to M9).</summary>
internal sealed class MembershipChanges(
    RaftState state, CommitRule commitRule, ReadBarriers barriers, LeadershipTransfer transfer)
{
    /// <summary>Begins a change, or refuses it.</summary>
    public void Request(ChangeMembership wanted)
    {
        var reason = RefusalOfAny() ?? RefusalOfShape(wanted) ?? RefusalOfNewVoters(wanted.Voters);
        if (reason is { } refusal)
            state.Outbox.RefuseChange(new ChangeRefusal(wanted.Token, refusal, Reachable: 0, Needed: 0));
        else if (!wanted.Force && IsOutOfReach(wanted) is { } outOfReach)
            state.Outbox.RefuseChange(outOfReach);
        else
            Append(NextFor(wanted));
    }

    /// <summary>
    /// After each step in office: a joint membership that is committed is left, whoever began it (raft-design M6, BM4).
    /// </summary>
    public void Settle()
    {
        if (state.Membership.IsJoint && state.Membership.Index <= state.Commit && state.HasCommittedInOffice)
            Append(state.Membership.ToFinal());
    }

    // Raft-design M5. The first commit of the own term is what single-step changes lacked (BM1); an entry above the
    // commit index is pending whoever appended it (M7).
    private ChangeRefusalReason? RefusalOfAny()
    {
        if (!state.IsLeader)
            return ChangeRefusalReason.NotLeader;
        if (!state.HasCommittedInOffice)
            return ChangeRefusalReason.NotCommittedInOffice;
        if (state.Membership.IsJoint || state.Membership.Index > state.Commit)
            return ChangeRefusalReason.ChangeInProgress;
        return transfer.IsRunning ? ChangeRefusalReason.Transferring : null;
    }

    private static ChangeRefusalReason? RefusalOfShape(ChangeMembership wanted)
    {
        if (wanted.Voters.Count == 0)
            return ChangeRefusalReason.Empty;

        var named = wanted.Voters.Concat(wanted.Learners).ToArray();
        var isSound = named.Distinct().Count() == named.Length && named.All(node => node.Value > 0);
        return isSound ? null : ChangeRefusalReason.Malformed;
    }

    // Raft-design M9: a voter that still has to be sent the log would hold up every commit.
    private ChangeRefusalReason? RefusalOfNewVoters(IReadOnlyList<NodeId> voters)
    {
        foreach (var voter in voters)
        {
            if (state.Membership.IsVoter(voter))
                continue;
            if (!state.Membership.IsLearner(voter))
                return ChangeRefusalReason.NotLearner;
            if (!IsCaughtUp(voter))
                return ChangeRefusalReason.LearnerBehind;
        }

        return null;
    }

    private bool IsCaughtUp(NodeId learner) =>
        state.PeerOf(learner) is { State: PeerState.Replicate, Link.IsRecovering: false } peer
        && peer.IsHeardWithin(state.Settings.ElectionTicks, state.Now)
        && peer.CatchUp.IsInTime(state.Now, state.Settings.ElectionTicks)
        && peer.Match >= state.Commit;

    // Raft-design M8, BM11: a change that costs the quorum at once is refused while there still is one.
    private ChangeRefusal? IsOutOfReach(ChangeMembership wanted)
    {
        if (!IsOfVoters(wanted.Voters))
            return null;

        var reachable = wanted.Voters.Count(IsReachable);
        var needed = Quorum.Size(wanted.Voters.Count);
        return reachable >= needed
            ? null
            : new ChangeRefusal(wanted.Token, ChangeRefusalReason.QuorumOutOfReach, reachable, needed);
    }

    // A process that ended was heard within T for a while: its link is down at once.
    private bool IsReachable(NodeId voter) =>
        voter == state.Self
        || (state.PeerOf(voter) is { Link: { IsLinked: true, IsRecovering: false } } peer
            && peer.IsHeardWithin(state.Settings.ElectionTicks, state.Now));

    private bool IsOfVoters(IReadOnlyList<NodeId> voters) => !voters.Order().SequenceEqual(state.Membership.Voters);

    // Raft-design M2: joint for every change of voters, one entry for learners. Who votes until the joint membership is
    // left becomes a learner only then (M1).
    private Membership NextFor(ChangeMembership wanted)
    {
        if (!IsOfVoters(wanted.Voters))
            return new Membership { Voters = wanted.Voters, Learners = wanted.Learners, Directory = wanted.Directory };

        var voting = state.Membership.Voters;
        return new Membership
        {
            Voters = wanted.Voters,
            OutgoingVoters = voting,
            Learners = [.. wanted.Learners.Except(voting)],
            LearnersNext = [.. wanted.Learners.Intersect(voting)],
            Directory = wanted.Directory,
        };
    }

    // In force from here on (M3). Fewer may be a quorum now, so what waits for one is looked at again (C4, BC13, Q8).
    private void Append(Membership membership)
    {
        state.AppendOwn(EntryKind.Membership, membership.Encode());
        commitRule.Advance();
        barriers.UseMembership();
    }
}
