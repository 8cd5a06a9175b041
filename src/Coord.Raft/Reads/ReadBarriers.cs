namespace Coord.Raft;


/// <summary>
/// Linearizable reads without a log entry (Raft thesis 6.4; raft-design Q2 to Q8). Requests share numbered rounds; a
/// round that a quorum echoed proves that this node led after all its requests arrived. Under a lease that is known
/// already (Q10).
/// </summary>
internal sealed class ReadBarriers(RaftState state, LeaderLease lease)
{
    // Requests that no round was started for, in order of arrival.
    private readonly Queue<long> waiting = new();

    // Requests of the open round, with the commit index noted before its first message.
    private readonly Queue<ReadState> open = new();

    private long openRound;
    private long confirmed;

    /// <summary>The latest round started; 0 before the first. Goes with every append and heartbeat.</summary>
    public long Round { get; private set; }

    /// <summary>Requests without an answer yet.</summary>
    public int Pending => waiting.Count + open.Count;

    /// <summary>Takes a request, or refuses it at once.</summary>
    public void Request(long token)
    {
        if (!state.IsLeader)
            state.Outbox.Reject(token, 1, RejectReason.NotLeader, state.Leader);
        else if (Pending >= state.Settings.BarriersMax)
            state.Outbox.Reject(token, 1, RejectReason.Overloaded, state.Leader);
        else
            waiting.Enqueue(token);
    }

    /// <summary>
    /// End of a turn in office, behind its tick: answers all who wait under the lease, or starts a round for them
    /// unless one is open. Raft thesis 6.4: not before an entry of the own term is committed, or the commit index may
    /// be older than an acknowledged write (Q2, BQ1).
    /// </summary>
    public void Advance(bool isHeartbeatDue)
    {
        // Raft-design Q13: the clock was read after the requests arrived.
        while (lease.IsHeld && waiting.TryDequeue(out var token))
            state.Outbox.Pending.ReadStateList.Add(new ReadState(token, state.Commit));

        var isForReads = waiting.Count > 0 && open.Count == 0 && state.HasCommittedInOffice;
        if (!isForReads && !(isHeartbeatDue && lease.IsWanted))
            return;

        Round++;
        lease.Begin(Round);
        if (isForReads)
            Open();
        Confirm();
    }

    /// <summary>A peer answered a message that carried <paramref name="round"/>.</summary>
    public void OnEcho(PeerProgress peer, long round)
    {
        if (round <= peer.RoundEchoed || round > Round)
            return;

        peer.RoundEchoed = round;
        Confirm();
    }

    /// <summary>Raft-design E11: nobody waits for a barrier of a former leader.</summary>
    public void EndOffice()
    {
        while (open.TryDequeue(out var request))
            state.Outbox.Reject(request.Token, 1, RejectReason.NotLeader, state.Leader);
        while (waiting.TryDequeue(out var token))
            state.Outbox.Reject(token, 1, RejectReason.NotLeader, state.Leader);
        confirmed = Round;
        lease.EndOffice();
    }

    /// <summary>
    /// The membership is another one: the one in force at the release of a barrier decides (Q8, Q12).
    /// </summary>
    public void UseMembership()
    {
        lease.Drop(Round);
        Confirm();
    }

    private void Open()
    {
        openRound = Round;
        while (waiting.TryDequeue(out var token))
            open.Enqueue(new ReadState(token, state.Commit));
    }

    // Who may have forgotten a newer term proves nothing about this one (raft-design P30.2).
    private long EchoOf(NodeId voter)
    {
        if (voter == state.Self)
            return Round;
        return state.IsVoterRecovering(voter) ? 0 : state.PeerOf(voter)!.RoundEchoed;
    }

    private void Confirm()
    {
        lease.Extend();
        var reached = state.Quorum.HighestReached(
            this, static (barriers, voter) => barriers.EchoOf(voter));
        if (reached <= confirmed)
            return;

        confirmed = reached;
        if (reached < openRound)
            return;

        while (open.TryDequeue(out var request))
            state.Outbox.Pending.ReadStateList.Add(request);
    }
}
