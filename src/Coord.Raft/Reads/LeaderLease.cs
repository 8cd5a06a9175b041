namespace Coord.Raft;

/// <summary>
/// The time for which no other node can be elected, so that this leader may answer reads without asking (Raft thesis
/// 6.4.1; raft-design Q10 to Q13). It rests on the promise that every voter makes by answering: for T it gives no vote
/// to anybody else (E6), not even after a restart or when the leader seems gone.
/// </summary>
internal sealed class LeaderLease(RaftState state, LeadershipTransfer transfer)
{
    // What whole ticks may hide: this node's clock has gone further than it was told, and the voter's had gone further
    // when it was told.
    private const int Rounding = 2;

    // Rounds that no quorum has answered yet, with the tick before which their first message was not sent.
    private readonly Queue<(long Round, long SentAt)> open = new();

    private long firstRound;
    private long until;

    /// <summary>Every heartbeat is to begin a round, to keep the lease alive.</summary>
    public bool IsWanted => state.Settings.UseLease && state.LeasesAllowed;

    /// <summary>
    /// Reads may be answered now. Not while leadership is handed over, nor after anybody was told to campaign: what it
    /// was told may arrive late, and what it then asks for passes every promise (raft-design L4, Q12, BQ5).
    /// </summary>
    public bool IsHeld => TicksLeft > 0;

    /// <summary>Ticks for which reads may be answered if nothing happens.</summary>
    public long TicksLeft =>
        IsWanted && state.HasCommittedInOffice && !transfer.IsRunning && !transfer.HasToldAnybody
            ? Math.Max(0, until - state.Now)
            : 0;

    // A voter that was told of a message at the end of a pause counts the pause as time since, up to one heartbeat
    // (raft-design E14).
    private int Length =>
        (state.Settings.ElectionTicks * (100 - state.Settings.LeaseDriftPercent) / 100)
        - state.Settings.HeartbeatTicks
        - Rounding;

    /// <summary>A round begins; its first message leaves after this (raft-design Q10).</summary>
    public void Begin(long round)
    {
        if (!IsWanted)
            return;

        while (open.TryPeek(out var oldest) && oldest.SentAt + Length <= state.Now)
            open.Dequeue(); // Its answer would come too late to be of use.
        open.Enqueue((round, state.Now));
    }

    /// <summary>More was echoed.</summary>
    public void Extend()
    {
        if (open.Count == 0 || !IsWanted)
            return;

        var answered = state.Quorum.HighestReached(this, static (lease, voter) => lease.AnsweredBy(voter));
        while (open.TryPeek(out var oldest) && oldest.Round <= answered)
        {
            open.Dequeue();
            if (oldest.Round >= firstRound)
                until = Math.Max(until, oldest.SentAt + Length);
        }
    }

    /// <summary>
    /// The membership is another one: what its voters promise counts from the next round on (raft-design Q12).
    /// </summary>
    public void Drop(long lastRound)
    {
        firstRound = lastRound + 1;
        until = 0;
    }

    /// <summary>Raft-design E11.</summary>
    public void EndOffice()
    {
        open.Clear();
        until = 0;
    }

    // A voter counts once it is known to have the entry that allows leases: before, it may forget a leader that seems
    // gone (Q11). One that lost part of its disk counts for nothing (P30.2).
    private long AnsweredBy(NodeId voter)
    {
        if (voter == state.Self)
            return long.MaxValue;

        var peer = state.PeerOf(voter)!;
        var mayCount = !peer.Link.IsRecovering && peer.Match >= state.FeatureLevels.ReachedAt(RaftState.LeaseLevel);
        return mayCount ? peer.RoundEchoed : 0;
    }
}
