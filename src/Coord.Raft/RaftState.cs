namespace Coord.Raft;


/// <summary>What all rules of one core share. Owned by the thread that steps the core.</summary>
internal sealed class RaftState
{
    /// <summary>From this feature level on leases are allowed (raft-design Q11).</summary>
    public const int LeaseLevel = 2;

    public RaftState(RaftSettings settings, RaftStart start)
    {
        Settings = settings;
        Self = start.Id;
        Memberships = new MembershipHistory(start.Membership);
        FeatureLevels = new FeatureLevelHistory(start.SnapshotIndex, start.FeatureLevel, settings.FeatureLevelMax);
        foreach (var entry in start.MembershipEntries)
        {
            if (entry.Kind == EntryKind.Membership)
                Memberships.Append(Decode(entry));
            else if (entry.Kind == EntryKind.FeatureLevel)
                FeatureLevels.Append(entry);
        }

        Quorum = new JointQuorum(Membership);
        PeerSet = new PeerSet(Self, settings);
        PeerSet.Use(Membership);
        Log = new RaftLog(start);
        Timer = new ElectionTimer(settings, start.Seed);
        Term = start.HardState.Term;
        VotedFor = start.HardState.VotedFor;
        Recovery = new Recovery(this, start.IsRecovering, start.ProcessStart);
        if (start.IsRecovering && Term < Log.LastTerm)
            EnterTerm(Log.LastTerm, votedFor: null); // The term was lost; the log tells what it was at least.
        Commit = HandedOut = Applied = start.SnapshotIndex;
        TicksSinceLeader = settings.ElectionTicks;
        Invariant.Require(Term >= Log.LastTerm, "The recovered term is at least that of the last entry.");
        Invariant.Require(Membership.Index <= Log.LastIndex, "The membership is set by an entry of the log.");
        Invariant.Require(FeatureLevels.Index <= Log.LastIndex, "The feature level is set by an entry of the log.");
    }

    public RaftSettings Settings { get; }

    public NodeId Self { get; }

    public MembershipHistory Memberships { get; }

    /// <summary>The membership in force (raft-design M3).</summary>
    public Membership Membership => Memberships.Current;

    /// <summary>What all members understand (raft-design I6).</summary>
    public FeatureLevelHistory FeatureLevels { get; }

    /// <summary>Decides for the membership in force.</summary>
    public JointQuorum Quorum { get; private set; }

    public PeerSet PeerSet { get; }

    /// <summary>By number; another array after each change of the membership.</summary>
    public PeerProgress[] Peers => PeerSet.All;

    /// <summary>The last entry that no peer lacks of those to which entries are sent as they come.</summary>
    public LogIndex AcknowledgedByAll
    {
        get
        {
            var last = Log.LastIndex;
            if (!IsLeader)
                return last;
            foreach (var peer in Peers)
            {
                if (peer.State == PeerState.Replicate)
                    last = LogIndex.Min(last, peer.Match);
            }

            return last;
        }
    }

    /// <summary>The membership in force is another one than at the last turn's end.</summary>
    public bool MembershipChanged { get; set; }

    public RaftLog Log { get; }

    public ElectionTimer Timer { get; }

    public Recovery Recovery { get; }

    /// <summary>Who is recovering, or whose disk is full, is another one than at the last turn's end.</summary>
    public bool StatusChanged { get; set; }

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

    /// <summary>The leader heard last, also when it is not believed in any more.</summary>
    public NodeId? LastLeader { get; set; }

    /// <summary>Ticks since this process started, pauses not counted; no more than T.</summary>
    public int TicksSinceStart { get; set; }

    /// <summary>A leader was heard at any time since start.</summary>
    public bool HeardAnyLeader { get; set; }

    /// <summary>A received snapshot is being installed (raft-design S9).</summary>
    public bool Installing { get; set; }

    /// <summary>The log writer is too late to lead (raft-design E16).</summary>
    public bool DiskLate { get; set; }

    /// <summary>The log has only its spare segment left (raft-design P40).</summary>
    public bool IsDiskFull { get; set; }

    /// <summary>The voters with room on their disks are no quorum: what is proposed could not be committed.</summary>
    public bool IsQuorumFull => Quorum.IsLost(this, static (state, voter) => state.IsVoterFull(voter));

    /// <summary>Term or vote changed and was not handed to the log yet.</summary>
    public bool HardStateChanged { get; set; }

    /// <summary>Sequence of the append that carries the newest term and vote.</summary>
    public long HardStateSequence { get; set; }

    public bool IsLeader => Role == RaftRole.Leader;

    /// <summary>This node alone is a quorum.</summary>
    public bool IsSingleVoter => !Membership.IsJoint && Membership.Voters.Count == 1 && Membership.Voters[0] == Self;

    public HardState HardState => new(Term, VotedFor);

    /// <summary>Term and vote as they are now would survive a crash.</summary>
    public bool IsHardStateDurable => !HardStateChanged && Log.Tracker.LastPersisted >= HardStateSequence;

    /// <summary>This leader committed an entry of its own term (raft-design Q2).</summary>
    public bool HasCommittedInOffice => IsLeader && Commit >= OfficeStart;

    /// <summary>
    /// Raft-design E8, M11, P30: who may campaign. Neither a learner, nor one that may have forgotten a promise, nor a
    /// node that sees itself outside, once it knows that to be committed: until then it may be the only one with the
    /// entry, without which nobody else is elected (Raft thesis 4.2.2, BM7). Its own vote counts only where it votes.
    /// </summary>
    public bool IsElectable =>
        Memberships.IsVoterSince(Commit, Self) && !Recovery.IsUnderWay && !Installing && !DiskLate;

    /// <summary>This voter may have forgotten what it promised: it counts for nothing (raft-design P30).</summary>
    public bool IsVoterRecovering(NodeId voter) =>
        voter == Self ? Recovery.IsUnderWay : PeerSet.FindLink(voter) is { IsRecovering: true };

    private bool IsVoterFull(NodeId voter) =>
        voter == Self ? IsDiskFull : PeerOf(voter) is { IsStorageFull: true };

    /// <summary>All voters that count for nothing, by number.</summary>
    public NodeId[] RecoveringVoters() =>
        [.. Membership.Everybody().Where(id => Membership.IsVoter(id) && IsVoterRecovering(id))];

    /// <summary>A link to this voter is up, or it is this node itself.</summary>
    public bool IsLinkedTo(NodeId voter) => voter == Self || PeerSet.FindLink(voter) is { IsLinked: true };

    /// <summary>The progress of a peer, or null for a stranger.</summary>
    public PeerProgress? PeerOf(NodeId id) => PeerSet.Find(id);

    /// <summary>Some leader of this cluster may hold a lease (raft-design Q11): active when appended.</summary>
    public bool LeasesAllowed => FeatureLevels.Current >= LeaseLevel;

    /// <summary>
    /// Raft-design E18; off where leases are allowed: a firewall's reset looks like a leader that is gone.
    /// </summary>
    public bool TrustsPeerGone => Settings.TrustPeerGone && !LeasesAllowed;

    /// <summary>
    /// A leader other than <paramref name="asker"/> was heard within T (raft-design E3, E6). A node that asks for
    /// votes
    /// does not lead, whatever was believed before (BE5).
    /// </summary>
    public bool HearsLeaderOtherThan(NodeId asker) =>
        IsLeader
        || (LeasesAllowed && HasPromisedOtherThan(asker))
        || (Leader is { } leader && leader != asker && TicksSinceLeader < Settings.ElectionTicks);

    // A lease outlives what this node believes: a higher term in an old answer ends its trust in the leader, but not
    // the leader's in it (raft-design Q11). And this process may not know what an earlier one promised (E6, Q12). Who
    // votes alone needs nobody's promise.
    private bool HasPromisedOtherThan(NodeId asker) =>
        (LastLeader is { } last && last != asker && TicksSinceLeader < Settings.ElectionTicks)
        || (TicksSinceStart < Settings.ElectionTicks && (Membership.IsJoint || Membership.Voters.Count > 1));

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

    /// <summary>Adds an entry of this leader's own, which no limit refuses (raft-design R20).</summary>
    public void AppendOwn(EntryKind kind, ReadOnlyMemory<byte> payload) =>
        Append(new Entry(Term, Log.LastIndex.Next, kind, payload));

    /// <summary>
    /// Adds an entry; a membership or feature level is in force from now on, not from its commit (raft-design M3, Q11).
    /// </summary>
    public void Append(in Entry entry)
    {
        Log.Append(entry);
        Recovery.Appended(entry);
        if (entry.Kind == EntryKind.FeatureLevel)
            FeatureLevels.Append(entry);
        if (entry.Kind != EntryKind.Membership)
            return;

        Memberships.Append(Decode(entry));
        UseMembership();
    }

    /// <summary>Removes entries, and takes back the memberships they set (raft-design M4, BM3).</summary>
    public void TruncateAfter(LogIndex last)
    {
        Log.TruncateAfter(last);
        Recovery.TruncatedAfter(last);
        FeatureLevels.TruncateAfter(last);
        if (Memberships.TruncateAfter(last))
            UseMembership();
    }

    /// <summary>Moves the commit index forward; it never goes back (BC8).</summary>
    public void CommitTo(LogIndex index)
    {
        Invariant.Require(index <= Log.LastIndex, "Only entries of the own log are committed.");
        Commit = LogIndex.Max(Commit, index);
    }

    /// <summary>
    /// A snapshot replaced log, state machine, memberships and level (raft-design S9, M4, I6); its last entry is of
    /// this term.
    /// </summary>
    public void RestoredTo(LogIndex index, Term term, Membership membership, int featureLevel)
    {
        Invariant.Require(index >= Commit, "A snapshot never takes committed entries back.");
        Invariant.Require(membership.Index <= index, "A snapshot's membership was set at or below it.");
        Commit = HandedOut = Applied = index;
        Log.ResetTo(index, term);
        Recovery.Restored();
        FeatureLevels.ResetTo(index, featureLevel);
        var isOther = !membership.Equals(Membership);
        Memberships.ResetTo(membership);
        if (isOther)
            UseMembership();
    }

    /// <summary>
    /// In office: everybody who may still be in force without knowing better is told too (raft-design M11).
    /// </summary>
    public void UsePeersOfOffice() => PeerSet.Use(Membership, Memberships.EverybodySince(Commit));

    /// <summary>Out of office: nobody outside the membership is told anything.</summary>
    public void UsePeersOfFollower() => PeerSet.Use(Membership);

    private void UseMembership()
    {
        Quorum = new JointQuorum(Membership);
        MembershipChanged = true;
        if (!IsLeader)
        {
            PeerSet.Use(Membership);
            return;
        }

        PeerSet.Use(Membership, Peers.Select(peer => peer.Id));
        foreach (var peer in Peers)
        {
            if (!peer.IsInOffice)
                peer.StartOffice(Log.LastIndex.Next, Now);
        }
    }

    private static Membership Decode(in Entry entry)
    {
        Invariant.Require(
            Membership.TryDecode(entry.Payload, entry.Index, out var membership),
            "A membership that this version cannot read (I7).");
        return membership;
    }
}
