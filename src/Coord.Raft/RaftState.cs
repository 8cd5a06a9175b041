namespace Coord.Raft;


/// <summary>What all rules of one core share. Owned by the thread that steps the core.</summary>
internal sealed class RaftState
{
    public RaftState(RaftSettings settings, RaftStart start)
    {
        Settings = settings;
        Self = start.Id;
        Voters = [.. start.Voters];
        Array.Sort(Voters);
        if (Array.IndexOf(Voters, Self) < 0)
            throw new ArgumentException($"{Self} is not among the voters.");

        Peers = new PeerProgress[Voters.Length - 1];
        var peers = 0;
        foreach (var voter in Voters)
        {
            if (voter != Self)
                Peers[peers++] = new PeerProgress(voter, settings);
        }

        Log = new RaftLog(start);
        Timer = new ElectionTimer(settings, start.Seed);
        Term = start.HardState.Term;
        VotedFor = start.HardState.VotedFor;
        Commit = HandedOut = Applied = start.SnapshotIndex;
        TicksSinceLeader = settings.ElectionTicks;
        Invariant.Require(Term >= Log.LastTerm, "The recovered term is at least that of the last entry.");
    }

    public RaftSettings Settings { get; }

    public NodeId Self { get; }

    // Sorted by number, as Peers: no walk depends on hash order (raft-design A10).
    public NodeId[] Voters { get; }

    public PeerProgress[] Peers { get; }

    public RaftLog Log { get; }

    public ElectionTimer Timer { get; }

    public Outbox Outbox { get; } = new();

    public Term Term { get; private set; }

    public NodeId? VotedFor { get; private set; }

    public RaftRole Role { get; set; }

    public NodeId? Leader { get; set; }

    // Invariant: Log.SnapshotIndex <= Applied <= HandedOut <= Commit <= Log.LastIndex, HandedOut <= Log.Durable.
    public LogIndex Commit { get; private set; }

    public LogIndex HandedOut { get; set; }

    public LogIndex Applied { get; set; }

    /// <summary>Index of the empty entry that began this term of office; meaningful on a leader.</summary>
    public LogIndex OfficeStart { get; set; }

    /// <summary>All ticks since start.</summary>
    public long Now { get; set; }

    /// <summary>
    /// Ticks since the current leader was heard, pauses of this process not counted (raft-design E14).
    /// </summary>
    public int TicksSinceLeader { get; set; }

    /// <summary>A leader was heard at any time since start.</summary>
    public bool HeardAnyLeader { get; set; }

    /// <summary>A received snapshot is being installed (raft-design S9).</summary>
    public bool Installing { get; set; }

    /// <summary>The log writer is too late to lead (raft-design E16).</summary>
    public bool DiskLate { get; set; }

    /// <summary>Term or vote changed and was not handed to the log yet.</summary>
    public bool HardStateChanged { get; set; }

    /// <summary>Sequence of the append that carries the newest term and vote.</summary>
    public long HardStateSequence { get; set; }

    public bool IsLeader => Role == RaftRole.Leader;

    public bool IsSingleVoter => Peers.Length == 0;

    public HardState HardState => new(Term, VotedFor);

    /// <summary>Term and vote as they are now would survive a crash.</summary>
    public bool IsHardStateDurable => !HardStateChanged && Log.Tracker.LastPersisted >= HardStateSequence;

    /// <summary>This leader committed an entry of its own term (raft-design Q2).</summary>
    public bool HasCommittedInOffice => IsLeader && Commit >= OfficeStart;

    /// <summary>Raft-design E8: who may campaign. Every node of a fixed membership is a voter.</summary>
    public bool IsElectable => !Installing && !DiskLate;

    /// <summary>The progress of a peer, or null for a stranger.</summary>
    public PeerProgress? PeerOf(NodeId id)
    {
        foreach (var peer in Peers)
        {
            if (peer.Id == id)
                return peer;
        }

        return null;
    }

    /// <summary>
    /// A leader other than <paramref name="asker"/> was heard within T (raft-design E3, E6). A node that asks for
    /// votes
    /// does not lead, whatever was believed before (BE5).
    /// </summary>
    public bool HearsLeaderOtherThan(NodeId asker) =>
        IsLeader || (Leader is { } leader && leader != asker && TicksSinceLeader < Settings.ElectionTicks);

    /// <summary>Moves to a higher term, without a vote in it.</summary>
    public void EnterTerm(Term term, NodeId? votedFor)
    {
        Invariant.Require(term > Term, "Terms never decrease.");
        Term = term;
        VotedFor = votedFor;
        HardStateChanged = true;
    }

    /// <summary>Promises this term's vote.</summary>
    public void VoteFor(NodeId candidate)
    {
        Invariant.Require(VotedFor is null || VotedFor == candidate, "One vote per term.");
        if (VotedFor == candidate)
            return;

        VotedFor = candidate;
        HardStateChanged = true;
    }

    /// <summary>Moves the commit index forward; it never goes back (BC8).</summary>
    public void CommitTo(LogIndex index)
    {
        Invariant.Require(index <= Log.LastIndex, "Only entries of the own log are committed.");
        Commit = LogIndex.Max(Commit, index);
    }

    /// <summary>A snapshot at <paramref name="index"/> replaced log and state machine.</summary>
    public void RestoredTo(LogIndex index)
    {
        Invariant.Require(index >= Commit, "A snapshot never takes committed entries back.");
        Commit = HandedOut = Applied = index;
    }
}
