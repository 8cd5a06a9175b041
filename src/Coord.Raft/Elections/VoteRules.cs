namespace Coord.Raft;


/// <summary>Giving votes (Raft thesis 3.4, 3.6.1, 4.2.3; raft-design E3 to E6).</summary>
internal sealed class VoteRules(RaftState state, Roles roles)
{
    /// <summary>Raft thesis 3.6.1: compare the last terms first, then the lengths (BC6).</summary>
    public static bool IsUpToDate(Term lastTerm, LogIndex lastIndex, Term ownLastTerm, LogIndex ownLastIndex) =>
        lastTerm > ownLastTerm || (lastTerm == ownLastTerm && lastIndex >= ownLastIndex);

    /// <summary>Answers a request, or stays silent out of loyalty to a live leader.</summary>
    public void OnRequest(NodeId from, VoteRequest request)
    {
        // Raft-design M14: an empty node gives no vote. It may be one that lost what it had.
        if (state.Membership.Voters.Count == 0)
            return;
        if (request.PreVote)
            OnPreVote(from, request);
        else
            OnVote(from, request);
    }

    private void OnPreVote(NodeId from, VoteRequest request)
    {
        var isNewTerm = request.Term > state.Term
            || (request.Term == state.Term && state.Leader is null && MayVoteFor(from));
        var granted = isNewTerm && IsUpToDate(request) && !state.HearsLeaderOtherThan(from) && MayVote;

        // Nothing changes here, not even the timer (BE4). A refusal tells the own term, also downwards (E4).
        state.Outbox.Send(from, new VoteResponse(granted ? request.Term : state.Term, granted, PreVote: true));
    }

    private void OnVote(NodeId from, VoteRequest request)
    {
        if (request.Term < state.Term)
        {
            state.Outbox.Send(from, new VoteResponse(state.Term, Granted: false, PreVote: false));
            return;
        }

        // Raft-design E6: who hears a leader does not even adopt the term, unless the leader itself sent the candidate.
        if (state.HearsLeaderOtherThan(from) && !request.Transfer)
            return;

        if (request.Term > state.Term)
            roles.BecomeFollower(request.Term, leader: null);

        var granted = MayVote && MayVoteFor(from) && IsUpToDate(request);
        if (!granted)
        {
            state.Outbox.Send(from, new VoteResponse(state.Term, Granted: false, PreVote: false));
            return;
        }

        state.VoteFor(from);
        state.Timer.Reset();

        // Raft-design E9: the promise leaves when it is durable. A repeated request gets the same answer (BE8).
        state.Outbox.SendAfterPersist(from, new VoteResponse(state.Term, Granted: true, PreVote: false));
    }

    // Raft-design P30.1: it may have voted already and forgotten it.
    private bool MayVote => !state.Recovery.IsUnderWay;

    private bool MayVoteFor(NodeId candidate) =>
        state.VotedFor == candidate || (state.VotedFor is null && state.Leader is null);

    private bool IsUpToDate(VoteRequest request) =>
        IsUpToDate(request.LastTerm, request.LastIndex, state.Log.LastTerm, state.Log.LastIndex);
}
