namespace Coord.Raft;

/// <summary>
/// A leader that the membership has no vote for any more: it leads until that is committed, without counting itself,
/// then hands over and steps down (Raft thesis 4.2.2; raft-design M10, BM6).
/// </summary>
internal sealed class Retirement(RaftState state, Roles roles, LeadershipTransfer transfer)
{
    private int elapsed;

    // While joint, it still votes in the outgoing half.
    private bool IsDue =>
        state.IsLeader && !state.Membership.IsVoter(state.Self) && state.Membership.Index <= state.Commit;

    /// <summary>Nobody can take over: the others find out by their timers.</summary>
    public void Advance(int ticks)
    {
        elapsed = IsDue ? elapsed + ticks : 0;
        if (elapsed >= state.Settings.ElectionTicks)
            roles.BecomeFollower(state.Term, leader: null);
    }

    /// <summary>
    /// End of a turn, in which everybody was sent the commit of the change: the best voter is chosen as successor.
    /// </summary>
    public void ChooseSuccessor()
    {
        if (IsDue && !transfer.IsRunning)
            transfer.Request(wanted: null);
    }

    /// <summary>The successor was told to campaign: nothing is left to do here.</summary>
    public void StepDown()
    {
        if (IsDue && transfer.HasToldTarget)
            roles.BecomeFollower(state.Term, leader: null);
    }
}
