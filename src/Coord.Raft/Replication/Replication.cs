namespace Coord.Raft;


/// <summary>
/// A leader's view of its peers: answers, links, time (Raft thesis 3.5, 10.2; raft-design section 6).
/// </summary>
internal sealed class Replication(RaftState state, CommitRule commitRule, ReadBarriers barriers)
{
    private readonly AppendSender sender = new(state, barriers);
    private int heartbeatElapsed;

    /// <summary>This turn's end sends heartbeats to all.</summary>
    public bool IsHeartbeatDue { get; private set; }

    /// <summary>A new office (raft-design E10). The peers are told at the end of the turn.</summary>
    public void Start()
    {
        heartbeatElapsed = 0;
        IsHeartbeatDue = false;
        state.UsePeersOfOffice();
        foreach (var peer in state.Peers)
            peer.StartOffice(state.Log.LastIndex.Next, state.Now);
    }

    /// <summary>Time passed in office.</summary>
    public void Advance(int ticks)
    {
        heartbeatElapsed += ticks;
        if (heartbeatElapsed >= state.Settings.HeartbeatTicks)
        {
            heartbeatElapsed = 0;
            IsHeartbeatDue = true;
        }

        foreach (var peer in state.Peers)
        {
            if (peer.IsDeparting && state.Commit >= peer.DepartedAt)
                peer.DepartingTicks += ticks;
            if (peer.SnapshotPause > 0 && (peer.SnapshotPause = Math.Max(0, peer.SnapshotPause - ticks)) == 0)
                peer.BecomeProbe(peer.Match.Next);
        }
    }

    /// <summary>End of a turn in office.</summary>
    public void Flush()
    {
        sender.Flush(IsHeartbeatDue);
        IsHeartbeatDue = false;
        foreach (var peer in state.Peers)
        {
            if (peer.IsDeparting && IsDone(peer))
                state.PeerSet.Drop(peer);
        }
    }

    /// <summary>An answer of this term to an append.</summary>
    public void OnAppendResponse(PeerProgress peer, AppendResponse response)
    {
        NoteAnswer(peer, response.BarrierRound);
        if (response.Accepted)
            OnAccepted(peer, response.Index);
        else
            OnRejected(peer, response);
    }

    /// <summary>
    /// An answer of this term to a heartbeat: whoever waits for this peer goes on (raft-design R13).
    /// </summary>
    public void OnHeartbeatResponse(PeerProgress peer, HeartbeatResponse response)
    {
        NoteAnswer(peer, response.BarrierRound);
        state.StatusChanged |= peer.IsStorageFull is true != response.IsStorageFull;
        peer.IsStorageFull = response.IsStorageFull;
        peer.ProbeSent = false;

        // Raft-design R9: a window without progress for a heartbeat lost its messages or its answers; ask once (BR4).
        if (peer.Window.Count > 0 && state.Now - peer.StuckSince >= state.Settings.HeartbeatTicks)
        {
            peer.CheckDue = true;
            peer.StuckSince = state.Now;
        }
    }

    /// <summary>The link dropped, or a message was thrown away (raft-design R15).</summary>
    public static void OnUnreachable(PeerProgress peer)
    {
        if (peer.State == PeerState.Snapshot)
            return; // The snapshot travels on a connection of its own, whose end is reported.

        peer.ProbeAgain();
        peer.ProbeSent = true;
    }

    /// <summary>
    /// A link is up; a new process, or one whose disk lost something, is not trusted to have what was acknowledged
    /// before (raft-design R17).
    /// </summary>
    public static void OnConnected(PeerProgress peer, bool hasForgotten)
    {
        if (hasForgotten)
            peer.ForgetMatch();
        else if (peer.State != PeerState.Snapshot)
            peer.ProbeAgain();
    }

    /// <summary>Entries came from the disk, or are gone from it (raft-design R12).</summary>
    public void OnFetched(PeerProgress peer, EntriesFetched fetched)
    {
        if (peer.Fetching != fetched.First)
            return; // The peer moved on meanwhile.

        peer.Fetching = default;
        if (fetched.Entries is null)
        {
            Invariant.Require(fetched.First <= state.Log.SnapshotIndex, "Entries behind the snapshot are on disk.");
            state.Log.CompactedTo(fetched.First.Next);
            return;
        }

        Entry[] entries = [.. fetched.Entries];
        Invariant.Require(entries.Length > 0 && entries[0].Index == fetched.First, "The disk gave what was asked for.");

        // Read for an earlier office, whose entries were replaced since: the peer's are asked for again.
        if (state.Log.Matches(entries[^1].Index, entries[^1].Term))
            peer.Fetched = entries;
    }

    /// <summary>A snapshot's way ended.</summary>
    public void OnSnapshotSent(PeerProgress peer, SnapshotSent sent)
    {
        if (peer.State != PeerState.Snapshot || peer.PendingSnapshot > sent.Index)
            return;

        if (!sent.Success)
        {
            peer.SnapshotPause = state.Settings.SnapshotRetryTicks;
            return;
        }

        // The receiver still installs it: the next heartbeat's answer starts the probe.
        peer.BecomeProbe(sent.Index.Next);
        peer.ProbeSent = true;
    }

    // Raft-design M11: it has the entry that removed it and was sent its commit. Best effort only: who never learns of
    // its removal is made harmless by E3 and E6.
    private bool IsDone(PeerProgress departing) =>
        (departing.Match >= departing.DepartedAt && departing.CommitSent >= departing.DepartedAt)
        || departing.DepartingTicks >= state.Settings.ElectionTicks;

    private void OnAccepted(PeerProgress peer, LogIndex index)
    {
        Invariant.Require(index <= state.Log.LastIndex, "Nobody acknowledges more than the leader has.");
        peer.Acknowledge(index, state.Now);
        peer.CatchUp.Acknowledged(peer.Match, state.Log.LastIndex, state.Now, state.Settings.ElectionTicks);

        // Raft-design section 6: an acceptance ends the Snapshot state too, even if the log was compacted again (BS7).
        var isNews = index == peer.Match;
        if (isNews && peer.State == PeerState.Probe)
            peer.BecomeReplicate();
        else if (isNews && peer.State == PeerState.Snapshot && state.Log.Terms.TryTermAt(peer.Match, out _))
            peer.BecomeReplicate();
        commitRule.Advance();
    }

    private void OnRejected(PeerProgress peer, AppendResponse response)
    {
        // Raft-design R7: answers about what is settled, or was not asked last, are old.
        if (peer.State == PeerState.Replicate && response.Index > peer.Match)
        {
            peer.BecomeProbe(peer.Match.Next);
        }
        else if (peer.State == PeerState.Probe && response.Index == peer.Next.Previous)
        {
            peer.BecomeProbe(ConflictHint.NextOfLeader(
                state.Log,
                response.Index,
                response.HintIndex,
                response.HintTerm));
        }
    }

    private void NoteAnswer(PeerProgress peer, long barrierRound)
    {
        peer.Heard = true;
        peer.Link.IsLinked = true; // What was reported as unreachable was one message, not the link.
        peer.HeardAt = state.Now;
        barriers.OnEcho(peer, barrierRound);
    }
}
