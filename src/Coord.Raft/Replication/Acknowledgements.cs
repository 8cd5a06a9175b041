namespace Coord.Raft;


/// <summary>
/// A follower's acceptances: one per turn to the leader of the term, for the last index (raft-design R16).
/// </summary>
internal sealed class Acknowledgements(RaftState state)
{
    private NodeId? leader;
    private Term term;
    private LogIndex index;
    private long round;
    private (Term Term, LogIndex Index) verified;

    /// <summary>
    /// Up to here this process found its log equal to that of the present term's leader; 0 before it has.
    /// </summary>
    public LogIndex Verified => verified.Term == state.Term ? verified.Index : default;

    /// <summary>
    /// Everything up to <paramref name="accepted"/> equals the leader's log and is in this node's log.
    /// </summary>
    public void Accept(NodeId to, LogIndex accepted, long barrierRound)
    {
        var isSameOffice = leader == to && term == state.Term;
        index = isSameOffice ? LogIndex.Max(index, accepted) : accepted;
        round = isSameOffice ? Math.Max(round, barrierRound) : barrierRound;
        leader = to;
        term = state.Term;
        verified = (term, LogIndex.Max(Verified, accepted));
    }

    /// <summary>
    /// End of a turn: the acceptance leaves at once if it promises nothing that the disk does not hold.
    /// </summary>
    public void Flush()
    {
        if (leader is not { } to)
            return;

        leader = null;
        if (term != state.Term)
            return;

        var response = new AppendResponse(term, Accepted: true, index, default, default, round);
        if (index <= state.Log.Durable && state.IsHardStateDurable)
            state.Outbox.Send(to, response);
        else
            state.Outbox.SendAfterPersist(to, response);
    }
}
