namespace Coord.Raft;


/// <summary>Handing leadership over (Raft thesis 3.10; raft-design L1 to L7).</summary>
internal sealed class LeadershipTransfer(RaftState state)
{
    private int elapsed;
    private bool toldTarget;

    /// <summary>Who is to lead next; null while no transfer runs.</summary>
    public NodeId? Target { get; private set; }

    /// <summary>New proposals are refused meanwhile (raft-design L2).</summary>
    public bool IsRunning => Target is not null;

    /// <summary>
    /// Starts, or replaces the target; the same target again changes nothing. False when nobody is fit.
    /// </summary>
    public bool Request(NodeId? wanted)
    {
        if (!state.IsLeader)
            return false;

        var target = wanted is { } id ? FitPeer(id) : BestPeer();
        if (target is null)
            return false;

        if (Target == target.Id)
            return true;

        Target = target.Id;
        elapsed = 0;
        toldTarget = false;
        return true;
    }

    /// <summary>Ends without effect: this node is a full leader again, or none any more.</summary>
    public void Cancel() => Target = null;

    /// <summary>The target's link dropped (raft-design L6).</summary>
    public void CancelIfTo(NodeId peer)
    {
        if (Target == peer)
            Cancel();
    }

    /// <summary>Gives up after T (raft-design L6).</summary>
    public void Advance(int ticks)
    {
        elapsed += ticks;
        if (elapsed >= state.Settings.ElectionTicks)
            Cancel();
    }

    /// <summary>End of a turn: the target has everything, so it may campaign (raft-design L3).</summary>
    public void Flush()
    {
        if (Target is not { } target || toldTarget || state.PeerOf(target)!.Match != state.Log.LastIndex)
            return;

        toldTarget = true;
        state.Outbox.Send(target, new TimeoutNow(state.Term));
    }

    private PeerProgress? FitPeer(NodeId id) => state.PeerOf(id) is { } peer && IsFit(peer) ? peer : null;

    // Raft-design L1: the highest match wins, then the lowest number (peers are in that order).
    private PeerProgress? BestPeer()
    {
        PeerProgress? best = null;
        foreach (var peer in state.Peers)
        {
            if (IsFit(peer) && (best is null || peer.Match > best.Match))
                best = peer;
        }

        return best;
    }

    private bool IsFit(PeerProgress peer) =>
        peer.State == PeerState.Replicate && state.Now - peer.HeardAt < state.Settings.ElectionTicks;
}
