namespace Coord.Raft;


/// <summary>
/// A leader that does not hear a quorum within T steps down (Raft thesis 6.2; raft-design E7, E14).
/// </summary>
internal sealed class QuorumCheck(RaftState state)
{
    private int elapsed;

    /// <summary>A new office: nobody was heard yet.</summary>
    public void Start()
    {
        elapsed = 0;
        ForgetAll();
    }

    /// <summary>Moves on; false when the leader has to step down.</summary>
    public bool Advance(int ticks)
    {
        // After a pause of T what was heard before proves nothing: a whole new period decides (raft-design E14).
        if (ticks >= state.Settings.ElectionTicks)
        {
            Start();
            return true;
        }

        elapsed += ticks;
        if (elapsed < state.Settings.ElectionTicks)
            return true;

        var isHeard = state.Quorum.IsReached(
            state, static (state, voter) => voter == state.Self || IsHeardFrom(state, voter));
        Start();
        return isHeard;
    }

    // A recovering voter keeps nobody in office (raft-design P30.2).
    private static bool IsHeardFrom(RaftState state, NodeId voter) =>
        state.PeerOf(voter)!.Heard && !state.IsVoterRecovering(voter);

    private void ForgetAll()
    {
        foreach (var peer in state.Peers)
            peer.Heard = false;
    }
}
