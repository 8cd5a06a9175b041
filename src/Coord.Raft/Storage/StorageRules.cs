namespace Coord.Raft;

/// <summary>
/// Full disks (raft-design P40): heartbeats, votes and the engine's own entries still fit into the spare segment,
/// proposals do not. So a leader without room hands over to a node with room, and nobody whose disk is full is sent
/// more than its spare takes.
/// </summary>
internal sealed class StorageRules(RaftState state, LeadershipTransfer transfer)
{
    private int pause;

    /// <summary>The own disk is full, or has room again.</summary>
    public void OnDiskFull(bool isFull)
    {
        state.StatusChanged |= state.IsDiskFull != isFull;
        state.IsDiskFull = isFull;
        pause = 0;
        HandOver();
    }

    /// <summary>Time passed in office: somebody may have told by now that it has room.</summary>
    public void Advance(int ticks)
    {
        pause = Math.Max(0, pause - ticks);
        HandOver();
    }

    // Without anybody who has room it stays in office: somebody has to change the membership and to take reads. A
    // transfer that failed is tried again after as long as it took.
    private void HandOver()
    {
        if (!state.IsLeader || !state.IsDiskFull || pause > 0 || transfer.IsRunning || state.IsSingleVoter)
            return;

        if (transfer.Request(wanted: null) is null)
            pause = 2 * state.Settings.ElectionTicks;
    }
}
