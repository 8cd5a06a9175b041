namespace Coord.Raft;


/// <summary>
/// Changes of role, and what ends or begins with them (Raft thesis 3.4; raft-design E10, E11, E13).
/// </summary>
internal sealed class Roles(
    RaftState state,
    Proposals proposals,
    ReadBarriers barriers,
    LeadershipTransfer transfer,
    Replication replication,
    QuorumCheck quorumCheck)
{
    /// <summary>Follows <paramref name="leader"/>, or waits for one, in this or a higher term.</summary>
    public void BecomeFollower(Term term, NodeId? leader)
    {
        var wasLeader = state.IsLeader;
        if (term > state.Term)
            state.EnterTerm(term, votedFor: null);
        state.Role = RaftRole.Follower;
        state.Leader = leader;
        if (!wasLeader)
            return;

        state.Timer.Reset();
        LeaveOffice();
    }

    /// <summary>A message of this term's leader arrived: follow it (raft-design E2, E12).</summary>
    public void FollowLeader(NodeId leader, Term term)
    {
        if (term > state.Term || state.Role is RaftRole.PreCandidate or RaftRole.Candidate)
            BecomeFollower(term, leader);

        Invariant.Require(!state.IsLeader, "Another node claims to lead in this leader's own term.");
        Invariant.Require(state.Leader is null || state.Leader == leader, "Two leaders in one term.");
        state.Leader = leader;
        state.LastLeader = leader;
        state.TicksSinceLeader = 0;
        state.HeardAnyLeader = true;
        state.Timer.Reset();
        state.Timer.Calm();
    }

    /// <summary>Keeps term and vote, but believes in no leader any more (raft-design E3).</summary>
    public void BecomePreCandidate()
    {
        Invariant.Require(!state.IsLeader, "A leader does not campaign.");
        state.Role = RaftRole.PreCandidate;
        state.Leader = null;
    }

    /// <summary>Enters the next term and promises itself the vote.</summary>
    public void BecomeCandidate()
    {
        Invariant.Require(!state.IsLeader, "A leader does not campaign.");
        state.Role = RaftRole.Candidate;
        state.Leader = null;
        state.EnterTerm(state.Term.Next, state.Self);
    }

    /// <summary>Lost by tally: back to waiting at once, the timer goes on (raft-design E13).</summary>
    public void LoseCampaign() => state.Role = RaftRole.Follower;

    /// <summary>Won: the log of this term begins with an empty entry (Raft thesis 6.4; raft-design E10).</summary>
    public void BecomeLeader()
    {
        state.Role = RaftRole.Leader;
        state.Leader = state.Self;
        state.LastLeader = null;
        state.HeardAnyLeader = true;
        state.Timer.Calm();
        quorumCheck.Start();
        proposals.Start();
        replication.Start();
        state.OfficeStart = state.Log.LastIndex.Next;
        state.AppendOwn(EntryKind.Empty, default);
    }

    /// <summary>Raft-design E11: nothing of the office survives it, and everybody who waits is told.</summary>
    private void LeaveOffice()
    {
        proposals.EndOffice();
        barriers.EndOffice();
        transfer.EndOffice();
        state.UsePeersOfFollower();
    }
}
