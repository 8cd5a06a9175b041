namespace Coord.Raft;


/// <summary>
/// Asking for votes: pre-vote, vote, and what their answers lead to (Raft thesis 3.4, 9.6; raft-design E3 to E9).
/// </summary>
internal sealed class Campaign(RaftState state, Roles roles)
{
    private readonly VoteTally tally = new();

    // The own vote counts only when durable (raft-design E9): the append that carries it, or 0.
    private long selfVoteSequence;

    /// <summary>Asks first whether an election could be won: nothing is promised, no term is used up.</summary>
    public void StartPreVote()
    {
        roles.BecomePreCandidate();
        state.Timer.ResetForCampaign();
        tally.Clear();
        tally.Note(state.Self, granted: true);
        if (tally.IsWon(state.Quorum))
        {
            StartVote(transfer: false);
            return;
        }

        Ask(state.Term.Next, preVote: true, transfer: false);
    }

    /// <summary>Uses up a term and asks for its votes.</summary>
    public void StartVote(bool transfer)
    {
        roles.BecomeCandidate();
        state.Timer.ResetForCampaign();
        tally.Clear();
        selfVoteSequence = 0;
        Ask(state.Term, preVote: false, transfer);
    }

    /// <summary>The log took the newest term and vote under this sequence.</summary>
    public void HardStateHanded(long sequence)
    {
        if (state.Role == RaftRole.Candidate)
            selfVoteSequence = sequence;
    }

    /// <summary>More of the log is durable: maybe the own vote.</summary>
    public void Persisted(long sequence)
    {
        if (state.Role != RaftRole.Candidate || selfVoteSequence == 0 || sequence < selfVoteSequence)
            return;

        selfVoteSequence = 0;
        tally.Note(state.Self, granted: true);
        Conclude();
    }

    /// <summary>An answer to a request of this or an earlier round.</summary>
    public void OnResponse(NodeId from, VoteResponse response)
    {
        // A grant of a pre-vote carries the proposed term, which nobody has entered yet. Anything else above the own
        // term tells that the world went on (BE3); in no case is a higher term a grant (BE9).
        var isPreVoteGrant = response.PreVote && response.Granted;
        if (response.Term > state.Term && !isPreVoteGrant)
        {
            roles.BecomeFollower(response.Term, leader: null);
            return;
        }

        if (response.PreVote && state.Role == RaftRole.PreCandidate)
        {
            if (!response.Granted || response.Term == state.Term.Next)
                tally.Note(from, response.Granted);
        }
        else if (!response.PreVote && state.Role == RaftRole.Candidate && response.Term == state.Term)
        {
            tally.Note(from, response.Granted);
        }

        Conclude();
    }

    /// <summary>The leader chose this node as its successor (raft-design L5).</summary>
    public void OnTimeoutNow(NodeId from, TimeoutNow message)
    {
        if (message.Term == state.Term && state.Leader == from && state.Role == RaftRole.Follower && state.IsElectable)
            StartVote(transfer: true);
    }

    private void Conclude()
    {
        if (state.Role is not (RaftRole.PreCandidate or RaftRole.Candidate))
            return;

        var isWon = tally.IsWon(state.Quorum);
        if (isWon && state.Role == RaftRole.PreCandidate)
            StartVote(transfer: false);
        else if (isWon)
            roles.BecomeLeader();
        else if (tally.IsLost(state.Quorum))
            roles.LoseCampaign();
    }

    private void Ask(Term term, bool preVote, bool transfer)
    {
        var request = new VoteRequest(term, state.Log.LastIndex, state.Log.LastTerm, preVote, transfer);
        foreach (var peer in state.Peers)
        {
            if (!state.Membership.IsVoter(peer.Id))
                continue;

            // Raft-design E9: term, own vote and the advertised log are durable before a vote is asked for.
            if (preVote)
                state.Outbox.Send(peer.Id, request);
            else
                state.Outbox.SendAfterPersist(peer.Id, request);
        }
    }
}
