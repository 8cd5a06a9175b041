namespace Coord.Raft;


/// <summary>What is known of one peer: its link, and a leader's view of its log (raft-design section 6).</summary>
internal sealed class PeerProgress(PeerLink link, RaftSettings settings)
{
    public NodeId Id => link.Id;

    /// <summary>The way to it.</summary>
    public PeerLink Link => link;

    /// <summary>Highest index known to be durable there in this term of office.</summary>
    public LogIndex Match { get; private set; }

    /// <summary>Next index to send. Invariant: Match &lt; Next.</summary>
    public LogIndex Next { get; private set; } = new(1);

    public PeerState State { get; private set; }

    public InFlightWindow Window { get; } = new(settings.InFlightMessagesMax, settings.InFlightBytesMax);

    /// <summary>The probe is out: wait for its answer or the next heartbeat's.</summary>
    public bool ProbeSent { get; set; }

    /// <summary>An answer of this term came since the last check of the quorum (raft-design E7).</summary>
    public bool Heard { get; set; }

    /// <summary>Tick of the last answer in this office; null before the first.</summary>
    public long? HeardAt { get; set; }

    /// <summary>Whether its disk is full, as it last told in this office; null before (raft-design P40).</summary>
    public bool? IsStorageFull { get; set; }

    /// <summary>Whether it keeps up, if it is a learner.</summary>
    public CatchUp CatchUp { get; } = new();

    /// <summary>Ticks for which it could have been told of its removal.</summary>
    public int DepartingTicks { get; set; }

    /// <summary>Tick since which the window waits without any progress.</summary>
    public long StuckSince { get; set; }

    /// <summary>An empty append is due to find out what became of a stuck window (raft-design R9).</summary>
    public bool CheckDue { get; set; }

    /// <summary>Commit index that the peer was last told with effect (raft-design R14).</summary>
    public LogIndex CommitSent { get; set; }

    /// <summary>Latest barrier round sent to it.</summary>
    public long RoundSent { get; set; }

    /// <summary>Latest barrier round it echoed in this term of office.</summary>
    public long RoundEchoed { get; set; }

    /// <summary>First index of the entries being read from disk for it, or 0.</summary>
    public LogIndex Fetching { get; set; }

    /// <summary>Entries read from disk, to be sent next.</summary>
    public Entry[]? Fetched { get; set; }

    /// <summary>Index of the snapshot being sent; 0 when none is.</summary>
    public LogIndex PendingSnapshot { get; private set; }

    /// <summary>Ticks until a failed snapshot is tried again; 0 when none failed.</summary>
    public int SnapshotPause { get; set; }

    /// <summary>This term's leader keeps account of it.</summary>
    public bool IsInOffice { get; private set; }

    /// <summary>Index of the membership that it is not in any more; 0 for a member (raft-design M11).</summary>
    public LogIndex DepartedAt { get; private set; }

    /// <summary>It is told of its removal and counts for nothing.</summary>
    public bool IsDeparting => DepartedAt != default;

    /// <summary>It is in no membership any more.</summary>
    public void Depart(LogIndex index)
    {
        if (!IsDeparting)
            DepartedAt = index;
    }

    /// <summary>Index of the entry that ends its recovery (raft-design P30); 0 without one.</summary>
    public LogIndex RecoveryPoint { get; set; }

    /// <summary>A new office: nothing is known of its log (raft-design E10).</summary>
    public void StartOffice(LogIndex next, long now)
    {
        IsInOffice = true;
        HeardAt = null;
        Forget();
        CatchUp.Start(next.Previous, now);
        Enter(PeerState.Probe, next);
    }

    /// <summary>An answer came within so many ticks before <paramref name="now"/>, in this office.</summary>
    public bool IsHeardWithin(int ticks, long now) => HeardAt is { } heardAt && now - heardAt < ticks;

    /// <summary>Sends one append at a time from <paramref name="next"/> on.</summary>
    public void BecomeProbe(LogIndex next) => Enter(PeerState.Probe, LogIndex.Max(next, Match.Next));

    /// <summary>
    /// Its answers are lost. What a stream sent ahead may be too; a probe goes on from where it asked, since nothing
    /// is known of what lies below: at the beginning of the log there may be only a snapshot left to send.
    /// </summary>
    public void ProbeAgain() => Enter(PeerState.Probe, State == PeerState.Probe ? Next : Match.Next);

    /// <summary>Streams from behind what it acknowledged.</summary>
    public void BecomeReplicate() => Enter(PeerState.Replicate, Match.Next);

    /// <summary>Waits until it has a snapshot.</summary>
    public void BecomeSnapshot(LogIndex index)
    {
        Enter(PeerState.Snapshot, Next);
        PendingSnapshot = index;
    }

    /// <summary>
    /// Another process answers under this number, or one whose disk lost something: nothing that was acknowledged or
    /// echoed before is presumed (raft-design R17, P30).
    /// </summary>
    public void ForgetMatch()
    {
        var next = Next;
        Forget();
        Enter(PeerState.Probe, next);
    }

    /// <summary>An acknowledgement (raft-design R8).</summary>
    public void Acknowledge(LogIndex index, long now)
    {
        if (index > Match)
            StuckSince = now;
        Match = LogIndex.Max(Match, index);
        Next = LogIndex.Max(Next, Match.Next);
        Window.FreeTo(index);
    }

    /// <summary>Entries up to <paramref name="last"/> went out ahead of the answer.</summary>
    public void SentTo(LogIndex last, long bytes, long now)
    {
        if (Window.Count == 0)
            StuckSince = now;
        Window.Add(last, bytes);
        Next = last.Next;
    }

    /// <summary>Copies what pages and metrics show.</summary>
    public PeerStatus Status(long now, Membership membership) => new(
        Id,
        State,
        Match,
        Next,
        Window.Count,
        Window.Bytes,
        now - (HeardAt ?? 0),
        membership.IsLearner(Id),
        link.IsLinked,
        link.IsRecovering)
    {
        IsStorageFull = IsStorageFull is true,
    };

    private void Forget()
    {
        Match = default;
        RoundSent = 0;
        RoundEchoed = 0;
        Heard = false;
        RecoveryPoint = default;
        IsStorageFull = null;
    }

    private void Enter(PeerState state, LogIndex next)
    {
        State = state;
        Next = next;
        ProbeSent = false;
        CheckDue = false;
        CommitSent = default;
        Fetching = default;
        Fetched = null;
        PendingSnapshot = default;
        SnapshotPause = 0;
        Window.Reset();
    }
}
