namespace Coord.Raft;


/// <summary>What links tell: who is reachable, restarted, or known to be gone (raft-design R15, R17, E18).</summary>
internal sealed class LinkRules(RaftState state, Roles roles, LeadershipTransfer transfer)
{
    /// <summary>A link is up.</summary>
    public void OnConnected(PeerConnected connected)
    {
        var link = state.PeerSet.LinkTo(connected.Peer);
        var isNewProcess = link.ProcessStart != connected.ProcessStart;
        var isRestart = isNewProcess && link.ProcessStart != 0;
        link.ProcessStart = connected.ProcessStart;
        link.IsLinked = true;
        link.KnownLeader = connected.KnownLeader;

        // Raft-design R17: the flag resets what is known, also when it is gone. A leader that was deposed meanwhile
        // would else count what the node acknowledged while it had forgotten the newer term
        // (docs/internals/recovering.md).
        var hasForgotten = isNewProcess || connected.IsRecovering || link.IsRecovering;
        state.StatusChanged |= link.IsRecovering != connected.IsRecovering;
        link.IsRecovering = connected.IsRecovering;
        if (!state.IsLeader && isRestart)
            ForgetLeader(link.Id);
        else if (state.IsLeader && state.PeerOf(link.Id) is { } peer)
            Replication.OnConnected(peer, hasForgotten);
        HurryIfNobodyLeads();
    }

    /// <summary>
    /// A link dropped, or only a message: that alone proves nothing about the peer's process. What its handshake told
    /// stays true, of a stranger too: it may be let in before the next one (raft-design M12, P30).
    /// </summary>
    public void OnUnreachable(NodeId id)
    {
        if (state.PeerSet.FindLink(id) is { } link)
            link.IsLinked = false;
        transfer.CancelIfTo(id);
        if (state.IsLeader && state.PeerOf(id) is { } peer)
            Replication.OnUnreachable(peer);
    }

    /// <summary>The peer's process is known to have ended.</summary>
    public void OnGone(NodeId id)
    {
        OnUnreachable(id);
        state.PeerSet.ForgetStranger(id);
        if (!state.IsLeader)
            ForgetLeader(id);
    }

    // Raft-design E18: a leader that is gone protects nobody from an election, and none needs to wait for T.
    private void ForgetLeader(NodeId gone)
    {
        if (state.Leader != gone || !state.TrustsPeerGone)
            return;

        roles.BecomeFollower(state.Term, leader: null);
        state.TicksSinceLeader = state.Settings.ElectionTicks;
        state.Timer.Hurry();
    }

    // Raft-design E18: after a start of the whole cluster nobody knows a leader, so there is none to wait for.
    private void HurryIfNobodyLeads()
    {
        if (state.HeardAnyLeader || state.Role != RaftRole.Follower || !state.TrustsPeerGone)
            return;

        foreach (var peer in state.Peers)
        {
            if (peer.Link is { IsLinked: true, KnownLeader: { } leader } && leader != state.Self)
                return;
        }

        if (state.Quorum.IsReached(
            state, static (state, voter) => !state.IsVoterRecovering(voter) && state.IsLinkedTo(voter)))
            state.Timer.Hurry();
    }
}
