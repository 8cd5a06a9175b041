namespace Coord.Raft;


/// <summary>
/// Raft as a state machine: inputs change memory only, outputs are handed over once per turn. Called from one thread,
/// holds no lock, reads no clock. The contract is in this project's README.
/// </summary>
public sealed class RaftCore
{
    private readonly RaftState state;
    private readonly Proposals proposals;
    private readonly LeaderLease lease;
    private readonly ReadBarriers barriers;
    private readonly LeadershipTransfer transfer;
    private readonly CommitRule commitRule;
    private readonly Replication replication;
    private readonly QuorumCheck quorumCheck;
    private readonly Roles roles;
    private readonly Campaign campaign;
    private readonly VoteRules voteRules;
    private readonly Acknowledgements acknowledgements;
    private readonly AppendRules appendRules;
    private readonly SnapshotRules snapshotRules;
    private readonly ApplyFeed applyFeed;
    private readonly LinkRules linkRules;
    private readonly MembershipChanges changes;
    private readonly Retirement retirement;
    private readonly RecoveryPoints recoveryPoints;
    private readonly FeatureLevelRules featureLevels;
    private readonly StorageRules storage;
    private RaftStatus reported;

    /// <summary>Starts from what the disk holds.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="InvariantViolatedException">The start contradicts itself.</exception>
    public RaftCore(RaftSettings settings, RaftStart start)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(start);
        settings.Validate();
        state = new RaftState(settings, start);
        transfer = new LeadershipTransfer(state);
        proposals = new Proposals(state, transfer);
        lease = new LeaderLease(state, transfer);
        barriers = new ReadBarriers(state, lease);
        commitRule = new CommitRule(state, proposals);
        replication = new Replication(state, commitRule, barriers);
        quorumCheck = new QuorumCheck(state);
        roles = new Roles(state, proposals, barriers, transfer, replication, quorumCheck);
        campaign = new Campaign(state, roles);
        voteRules = new VoteRules(state, roles);
        acknowledgements = new Acknowledgements(state);
        appendRules = new AppendRules(state, roles, acknowledgements);
        snapshotRules = new SnapshotRules(state, roles, acknowledgements);
        applyFeed = new ApplyFeed(state);
        recoveryPoints = new RecoveryPoints(state);
        linkRules = new LinkRules(state, roles, transfer);
        changes = new MembershipChanges(state, commitRule, barriers, transfer);
        retirement = new Retirement(state, roles, transfer);
        featureLevels = new FeatureLevelRules(state, transfer);
        storage = new StorageRules(state, transfer);
        reported = Status;

        // A single voter needs nobody's silence to campaign (raft-design E17).
        if (state.IsSingleVoter && state.IsElectable)
            campaign.StartPreVote();
    }

    /// <summary>This node's role.</summary>
    public RaftRole Role => state.Role;

    /// <summary>This node's term.</summary>
    public Term Term => state.Term;

    /// <summary>The leader of the term, or null while unknown.</summary>
    public NodeId? Leader => state.Leader;

    /// <summary>The membership in force: the last one in the log, committed or not (raft-design M3).</summary>
    public Membership Membership => state.Membership;

    /// <summary>The feature level in force: the last one appended (raft-design I6).</summary>
    public int FeatureLevel => state.FeatureLevels.Current;

    /// <summary>End of the log, committed or not.</summary>
    public LogIndex LastIndex => state.Log.LastIndex;

    /// <summary>Everything up to here is committed.</summary>
    public LogIndex Commit => state.Commit;

    /// <summary>
    /// A copy of what the core knows. Costs an allocation: for pages and metrics, not for every turn.
    /// </summary>
    public RaftStatus Status => new(
        state.Self,
        state.Role,
        state.Term,
        state.Leader,
        state.Commit,
        state.Applied,
        state.Log.Durable,
        state.Log.LastIndex,
        state.Log.SnapshotIndex,
        transfer.Target,
        state.Membership,
        state.Recovery.IsUnderWay,
        state.RecoveringVoters(),
        state.Quorum.IsLost(state, static (state, voter) => state.IsVoterRecovering(voter)),
        state.IsLeader ? Array.ConvertAll(state.Peers, peer => peer.Status(state.Now, state.Membership)) : [])
    {
        FeatureLevel = state.FeatureLevels.Current,
        IsStorageFull = state.IsDiskFull,
        LeaseTicksLeft = lease.TicksLeft,
        First = state.Log.FirstIndex,
        IsQuorumStorageFull = state.IsLeader && state.IsQuorumFull,
    };

    internal RaftState State => state;

    internal Proposals Proposals => proposals;

    internal ReadBarriers Barriers => barriers;

    /// <summary>Takes one input. Changes memory only.</summary>
    /// <exception cref="InvariantViolatedException">The node must stop.</exception>
    public void Step(RaftInput input)
    {
        switch (input)
        {
            case Received received:
                OnReceived(received.From, received.Message);
                break;
            case Propose batch:
                proposals.Propose(batch);
                break;
            case Persisted persisted:
                OnPersisted(persisted.Sequence);
                break;
            case Applied applied:
                OnApplied(applied.Index);
                break;
            case Tick tick:
                OnTick(tick.ElapsedTicks);
                break;
            case ReadBarrier barrier:
                barriers.Request(barrier.Token);
                break;
            case TransferLeadership wanted:
                OnTransfer(wanted);
                break;
            case ChangeMembership change:
                changes.Request(change);
                break;
            case ProposeFeatureLevel raise:
                featureLevels.Propose(raise.Level);
                break;
            case DiskLate late:
                OnDiskLate(late.Ticks);
                break;
            case DiskFull disk:
                storage.OnDiskFull(disk.IsFull);
                break;
            default:
                StepLinkOrSnapshot(input);
                break;
        }

        if (state.IsLeader)
            changes.Settle();
        Invariants.CheckAfterStep(state);
    }

    /// <summary>
    /// Hands over what the steps since the last call made necessary. The result is valid until the next call.
    /// </summary>
    /// <exception cref="InvariantViolatedException">The node must stop.</exception>
    public RaftReady TakeReady()
    {
        var ready = state.Outbox.Pending;
        if (state.IsLeader)
            recoveryPoints.Flush();
        if (state.IsLeader)
            barriers.Advance(replication.IsHeartbeatDue);
        state.Recovery.Advance(ready);

        TakeAppend(ready);
        if (state.IsLeader)
        {
            replication.Flush();
            retirement.ChooseSuccessor();
            transfer.Flush();
            retirement.StepDown();
        }

        acknowledgements.Flush();
        HangOnSequence(ready);
        applyFeed.Fill(ready);
        ready.StatusIfChanged = TakeStatus();
        ready.MembershipIfChanged = state.MembershipChanged ? state.Membership : null;
        state.MembershipChanged = false;
        state.Log.Trim(state.HandedOut, state.AcknowledgedByAll, state.Settings);
        Invariants.CheckAfterStep(state);
        return state.Outbox.Take();
    }

    private void OnReceived(NodeId from, RaftMessage message)
    {
        // Whether the sender is a member does not matter: it may know a newer membership (thesis 4.1; raft-design M12).
        switch (message)
        {
            case AppendRequest append:
                appendRules.OnAppend(from, append);
                break;
            case AppendResponse response when PeerIfAnswer(from, response.Term) is { } peer:
                replication.OnAppendResponse(peer, response);
                break;
            case Heartbeat heartbeat:
                appendRules.OnHeartbeat(from, heartbeat);
                break;
            case HeartbeatResponse response when PeerIfAnswer(from, response.Term) is { } peer:
                replication.OnHeartbeatResponse(peer, response);
                break;
            case VoteRequest request:
                voteRules.OnRequest(from, request);
                break;
            case VoteResponse response:
                campaign.OnResponse(from, response);
                break;
            case TimeoutNow timeoutNow:
                campaign.OnTimeoutNow(from, timeoutNow);
                break;
        }
    }

    // A higher term in any answer ends the office; a lower one is about an office long over.
    private PeerProgress? PeerIfAnswer(NodeId from, Term term)
    {
        if (term > state.Term)
            roles.BecomeFollower(term, leader: null);
        return term == state.Term && state.IsLeader ? state.PeerOf(from) : null;
    }

    private void StepLinkOrSnapshot(RaftInput input)
    {
        switch (input)
        {
            case PeerConnected connected:
                linkRules.OnConnected(connected);
                break;
            case PeerUnreachable unreachable:
                linkRules.OnUnreachable(unreachable.Peer);
                break;
            case Recovered:
                state.Recovery.End();
                state.StatusChanged = true;
                break;
            case PeerGone gone:
                linkRules.OnGone(gone.Peer);
                break;
            case EntriesFetched fetched when fetched.Peer == state.Self:
                applyFeed.OnFetched(fetched);
                break;
            case EntriesFetched fetched when state.IsLeader && state.PeerOf(fetched.Peer) is { } peer:
                replication.OnFetched(peer, fetched);
                break;
            case SnapshotSent sent when state.IsLeader && state.PeerOf(sent.Peer) is { } peer:
                replication.OnSnapshotSent(peer, sent);
                break;
            case SnapshotReceived received:
                snapshotRules.OnReceived(received);
                break;
            case SnapshotInstalled installed:
                snapshotRules.OnInstalled(installed);
                break;
            case SnapshotReady ready:
                snapshotRules.OnReady(ready);
                break;
            case LogCompacted compacted:
                state.Log.CompactedTo(compacted.FirstIndex);
                break;
        }
    }

    private void OnPersisted(long sequence)
    {
        state.Log.Tracker.Persisted(sequence);
        state.DiskLate = false;
        campaign.Persisted(sequence);
        commitRule.Advance();
    }

    private void OnApplied(LogIndex index)
    {
        if (index <= state.Applied)
            return; // Overtaken by an installed snapshot.

        Invariant.Require(index <= state.HandedOut, "Only what was handed out is applied.");
        state.Applied = index;
    }

    private void OnTick(int ticks)
    {
        if (ticks <= 0)
            return;

        state.Now += ticks;
        if (state.IsLeader)
            OnLeaderTick(ticks);
        else
            OnFollowerTick(ticks);
    }

    private void OnLeaderTick(int ticks)
    {
        replication.Advance(ticks);
        if (transfer.IsRunning)
            transfer.Advance(ticks);
        retirement.Advance(ticks);
        storage.Advance(ticks);
        if (state.IsLeader && !quorumCheck.Advance(ticks))
            roles.BecomeFollower(state.Term, leader: null);
    }

    private void OnFollowerTick(int ticks)
    {
        // A stalled process is no evidence against the leader: it moves on by one heartbeat at most (raft-design E14).
        var counted = Math.Min(ticks, state.Settings.HeartbeatTicks);
        state.TicksSinceLeader = Math.Min(state.TicksSinceLeader + counted, state.Settings.ElectionTicks);
        state.TicksSinceStart = Math.Min(state.TicksSinceStart + counted, state.Settings.ElectionTicks);
        if (!state.Timer.Advance(counted))
            return;

        if (state.IsElectable)
            campaign.StartPreVote();
        else
            state.Timer.Reset();
    }

    // Raft-design E16: a leader that cannot write hands over; if nobody takes over, it steps down (BO1).
    private void OnDiskLate(int ticks)
    {
        var wasLate = state.DiskLate;
        state.DiskLate = ticks >= 2 * state.Settings.ElectionTicks;
        if (!state.DiskLate || !state.IsLeader || transfer.IsRunning || state.IsSingleVoter)
            return;

        if (wasLate || transfer.Request(wanted: null) is not null)
            roles.BecomeFollower(state.Term, leader: null);
    }

    private void OnTransfer(TransferLeadership wanted)
    {
        var reason = transfer.Request(wanted.Target);
        state.Outbox.Pending.TransferRefused =
            reason is { } refusal ? new TransferRefusal(wanted.Target, refusal) : null;
    }

    private void TakeAppend(RaftReady ready)
    {
        ready.Append = state.Log.TakeAppend(state.HardStateChanged ? state.HardState : null);
        if (!state.HardStateChanged)
            return;

        state.HardStateChanged = false;
        state.HardStateSequence = ready.Append!.Sequence;
        campaign.HardStateHanded(ready.Append.Sequence);
    }

    // Raft-design K7: on the latest sequence handed out, also when this turn appended nothing; at once with none.
    private void HangOnSequence(RaftReady ready)
    {
        if (ready.AfterPersistList.Count == 0)
            return;

        ready.MessagesAfterSequence = state.Log.Tracker.Outstanding;
        if (ready.MessagesAfterSequence != 0)
            return;

        ready.MessageList.AddRange(ready.AfterPersistList);
        ready.AfterPersistList.Clear();
    }

    private RaftStatus? TakeStatus()
    {
        var isSame = reported.Role == state.Role
            && reported.Term == state.Term
            && reported.Leader == state.Leader
            && reported.TransferringTo == transfer.Target
            && reported.FeatureLevel == state.FeatureLevels.Current
            && !state.StatusChanged;
        if (isSame)
            return null;

        state.StatusChanged = false;
        reported = Status;
        return reported;
    }
}
