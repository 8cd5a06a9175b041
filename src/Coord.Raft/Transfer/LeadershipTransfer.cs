namespace Coord.Raft;


/// <summary>Handing leadership over (Raft thesis 3.10; raft-design L1 to L7).</summary>
internal sealed class LeadershipTransfer(RaftState state)
{
    private int elapsed;

    /// <summary>Who is to lead next; null while no transfer runs.</summary>
    public NodeId? Target { get; private set; }

    /// <summary>New proposals are refused meanwhile (raft-design L2).</summary>
    public bool IsRunning => Target is not null;

    /// <summary>The target was asked to campaign.</summary>
    public bool HasToldTarget { get; private set; }

    /// <summary>
    /// Somebody was asked to campaign in this office, however that ended: it may still do so (raft-design Q12).
    /// </summary>
    public bool HasToldAnybody { get; private set; }

    /// <summary>
    /// Starts, or replaces the target; the same target again changes nothing. Else the reason why nothing happened.
    /// </summary>
    public TransferRefusalReason? Request(NodeId? wanted)
    {
        if (!state.IsLeader)
            return TransferRefusalReason.NotLeader;
        if (wanted is { } other && !IsOtherVoter(other))
            return TransferRefusalReason.NotVoter;

        var target = wanted is { } id ? FitPeer(id) : BestPeer();
        if (target is null)
            return wanted is null ? TransferRefusalReason.NobodyFit : TransferRefusalReason.NotFit;

        if (Target == target.Id)
            return null;

        Target = target.Id;
        elapsed = 0;
        HasToldTarget = false;
        return null;
    }

    /// <summary>Ends without effect: this node is a full leader again, or none any more.</summary>
    public void Cancel()
    {
        Target = null;
        HasToldTarget = false;
    }

    /// <summary>Whoever was asked to campaign finds another term.</summary>
    public void EndOffice()
    {
        Cancel();
        HasToldAnybody = false;
    }

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
        if (Target is not { } target || HasToldTarget || state.PeerOf(target)!.Match != state.Log.LastIndex)
            return;

        HasToldTarget = true;
        HasToldAnybody = true;
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
        IsOtherVoter(peer.Id)
        && peer.State == PeerState.Replicate
        && !peer.Link.IsRecovering
        && HasRoom(peer)
        && peer.IsHeardWithin(state.Settings.ElectionTicks, state.Now);

    // Raft-design P40: a full disk makes a bad leader. Who hands over for that reason wants to be told so first, or two
    // full nodes would pass the office to and fro.
    private bool HasRoom(PeerProgress peer) =>
        state.IsDiskFull ? peer.IsStorageFull is false : peer.IsStorageFull is not true;

    // Who is on its way out would have to hand over again. Voters of the set that is coming stay (raft-design M5), so a
    // target is never removed under way (L6).
    private bool IsOtherVoter(NodeId id) => id != state.Self && state.Membership.Voters.Contains(id);
}
