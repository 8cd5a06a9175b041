namespace Coord.Raft;


/// <summary>What a leader may call committed (Raft thesis 3.6.2, 10.2.1; raft-design C1 to C4).</summary>
internal sealed class CommitRule(RaftState state, Proposals proposals)
{
    /// <summary>Looks again; to be called whenever an acknowledgement or an own flush moved something (C4).</summary>
    public void Advance()
    {
        if (!state.IsLeader)
            return;

        var index = new LogIndex(state.Quorum.HighestReached(state, static (state, voter) => DurableAt(state, voter)));

        // Raft thesis 3.6.2: never commit an older term's entry by counting copies; it follows by being below (C2).
        if (index <= state.Commit || index < state.OfficeStart)
            return;

        Invariant.Require(state.Log.TermAt(index) == state.Term, "A leader's office is of one term.");
        proposals.Committed(state.Commit, index);
        state.CommitTo(index);
    }

    // The leader's own share is what its disk holds, not what it appended (C3); a recovering voter has none (P30.2).
    private static long DurableAt(RaftState state, NodeId voter)
    {
        if (voter == state.Self)
            return state.Log.Durable.Value;
        return state.IsVoterRecovering(voter) ? 0 : state.PeerOf(voter)!.Match.Value;
    }
}
