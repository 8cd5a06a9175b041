namespace Coord.Raft;


/// <summary>What links tell: who is reachable, restarted, or known to be gone (raft-design R15, R17, E18).</summary>
internal sealed class LinkRules(RaftState state, Roles roles, LeadershipTransfer transfer)
{
    /// <summary>A link is up.</summary>
    public void OnConnected(PeerConnected connected)
    {
        if (state.PeerOf(connected.Peer) is not { } peer)
            return;

        var isNewProcess = peer.ProcessStart != connected.ProcessStart;
        var isRestart = isNewProcess && peer.ProcessStart != 0;
        peer.ProcessStart = connected.ProcessStart;
        peer.IsLinked = true;
        peer.KnownLeader = connected.KnownLeader;
        if (state.IsLeader)
            Replication.OnConnected(peer, isNewProcess);
        else if (isRestart)
            ForgetLeader(peer.Id);
        HurryIfNobodyLeads();
    }

    /// <summary>A link dropped. That alone proves nothing about the peer's process.</summary>
    public void OnUnreachable(NodeId id)
    {
        if (state.PeerOf(id) is not { } peer)
            return;

        peer.IsLinked = false;
        transfer.CancelIfTo(id);
        if (state.IsLeader)
            Replication.OnUnreachable(peer);
    }

    /// <summary>The peer's process is known to have ended.</summary>
    public void OnGone(NodeId id)
    {
        OnUnreachable(id);
        if (!state.IsLeader)
            ForgetLeader(id);
    }

    // Raft-design E18: a leader that is gone protects nobody from an election, and none needs to wait for T.
    private void ForgetLeader(NodeId gone)
    {
        if (state.Leader != gone || !state.Settings.TrustPeerGone)
            return;

        roles.BecomeFollower(state.Term, leader: null);
        state.TicksSinceLeader = state.Settings.ElectionTicks;
        state.Timer.Hurry();
    }

    // Raft-design E18: after a start of the whole cluster nobody knows a leader, so there is none to wait for.
    private void HurryIfNobodyLeads()
    {
        if (state.HeardAnyLeader || state.Role != RaftRole.Follower || !state.Settings.TrustPeerGone)
            return;

        var linked = 1;
        foreach (var peer in state.Peers)
        {
            if (!peer.IsLinked)
                continue;
            if (peer.KnownLeader is { } leader && leader != state.Self)
                return;
            linked++;
        }

        if (Quorum.IsReached(linked, state.Voters.Length))
            state.Timer.Hurry();
    }
}
