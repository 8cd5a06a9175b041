using Coord.Node.Clients;
using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// A node's copy of the state: the only owner of the consensus core, the tree, the sessions' queues and the watch
/// table. <see cref="RunTurn"/> is synchronous and never waits for disk, network or another thread; outcomes come
/// back as inputs (house style, section 5).
/// </summary>
internal sealed class Replica
{
    private readonly ReplicaServices services;
    private readonly ReplicaClock clock;
    private readonly ReplicaView view;
    private readonly RaftCore core;
    private readonly AfterPersist afterPersist;
    private readonly Proposals proposals;
    private readonly ProofRounds rounds = new();
    private readonly LeaderDuties leading;
    private readonly SnapshotDuties snapshots;
    private readonly EntryApplier applier;
    private readonly ClientSide clients;
    private readonly ClusterSide cluster;
    private readonly StatusBoard board;
    private readonly EntryTimes times;
    private readonly LeaderlessTimes leaderless;
    private readonly Stopping stopping;
    private readonly SessionReports reports;
    private readonly StateComparison comparison;
    private readonly WatchReports watchReports;
    private ZnodeTree tree;
    private Term appliedTerm;
    private int ticksSinceRound;
    private bool isFlushLate;
    private bool hasMore;

    public Replica(ReplicaServices services, ReplicaStart start)
    {
        this.services = services;
        tree = start.Tree;
        tree.Features = AnnouncedFeatures.Text;
        appliedTerm = start.Raft.SnapshotTerm;
        clock = new ReplicaClock(services.Time, services.Limits.ReplicaTick);
        view = new ReplicaView(start.Raft.Id, start.ProcessStart)
        {
            Incarnation = start.Incarnation,
            RecoveringBecause = start.RecoveringBecause,
        };
        core = new RaftCore(services.RaftSettings, start.Raft);
        afterPersist = new AfterPersist(services.Links);
        var limits = services.Limits;
        var buffer = new EntryBuffer();

        // All origins together stay below what a leader takes uncommitted, so it rarely refuses a forward.
        var origins = Math.Max(1, core.Membership.Voters.Count);
        var own = new OwnEntries(
            Math.Min(limits.OriginWindowEntriesMax, limits.UncommittedEntriesMax / origins),
            Math.Min(limits.OriginWindowBytesMax, limits.UncommittedBytesMax / origins));
        var expiry = new SessionExpiry();
        proposals = new Proposals(view, own, expiry, buffer, services.Links, limits);
        var quotas = new QuotaWatch(view, services);
        var sweep = new ZnodeSweep(view, limits, services.Logger);
        leading = new LeaderDuties(view, expiry, sweep, buffer, services.Links, limits);
        snapshots = new SnapshotDuties(
            services.Log, services.Background, services.Links, limits,
            new SnapshotId(start.Raft.SnapshotIndex, start.Raft.SnapshotTerm), start.SnapshotBytes, start.Raft.Seed,
            services.Metrics.Replica);
        var reconfigs = new Reconfigs(view, limits);
        clients = new ClientSide(view, proposals, rounds, reconfigs, services, () => tree, start.Raft.Seed);
        cluster = new ClusterSide(view, core, services, reconfigs);
        times = new EntryTimes(view, services.Metrics.Replica, services.Time);
        leaderless = new LeaderlessTimes(view, services.Metrics.Replica);
        applier = new EntryApplier(view, expiry, sweep, quotas, proposals, clients, cluster, times, services);
        board = new StatusBoard(view, limits, quotas, services.Publish);
        stopping = new Stopping(view, clients, proposals, limits);
        reports = new SessionReports(view, expiry, limits);
        comparison = new StateComparison(view, core, services.Metrics.Replica, services.Links, services.Logger);
        watchReports = new WatchReports(clients.Watches, limits);
    }

    /// <summary>The state as of the last turn. For whoever has the turn, and for tests between turns.</summary>
    public ZnodeTree Tree => tree;

    public RaftCore Core => core;

    /// <summary>Entries of the log that this node has not applied yet.</summary>
    public long EntriesUnderWay => core.LastIndex.Value - tree.AppliedIndex;

    /// <summary>Hears of durable appends on the log writer's thread, and sends what waited for them.</summary>
    public AfterPersist AfterPersist => afterPersist;

    /// <summary>True when another turn has work without an input.</summary>
    public bool HasWork => hasMore || snapshots.HasWork || reports.HasWork || watchReports.HasWork;

    /// <summary>How long the loop may wait for inputs before the next tick is due.</summary>
    public TimeSpan UntilNextTick => clock.UntilNextTick();

    /// <summary>
    /// One turn: take in what arrived, propose what gathered, then the time that passed, hand out what the core wants
    /// done, apply, answer (raft-design A3).
    /// </summary>
    /// <param name="inputs">Everything that arrived since the last turn, oldest first.</param>
    public void RunTurn(IReadOnlyList<ReplicaInput> inputs)
    {
        clock.BeginTurn();
        view.BeginTurn(clock.NowMs, clock.WallClockMs);
        for (var position = 0; position < inputs.Count; position++)
            TakeIn(inputs[position]);

        var elapsed = clock.TakeElapsedTicks();
        BeginRound(elapsed);
        proposals.SendTurn(core);
        if (elapsed > 0)
            Tick(elapsed);

        HandOut(core.TakeReady());
        leading.AnswerConfirmed(tree.AppliedIndex, rounds);
        cluster.EndTurn(tree);
        comparison.EndTurn();
        clients.CompleteRound(tree.AppliedIndex);
        clients.CompleteReconfigs(tree.AppliedIndex);
        clients.StepWatches();
        snapshots.Step(tree, appliedTerm, view.NowMs);
        reports.Step(tree);
        watchReports.Step();
        clients.EndTurn(tree.AppliedIndex);
        services.Links.Flush();
        stopping.Step(core);
        leaderless.EndTurn(view.IsLeader ? leading.HasTimers : view.Leader is not null);
        board.EndTurn(core, tree, clients, cluster, snapshots, leaderless, proposals.Outstanding, stopping.IsStopping);

        // What answering set free (held writes, the next round) goes on in a turn of its own, at once.
        hasMore |= proposals.CanSend || clients.HasWork || (rounds.ShouldBegin && view.Leader is not null);
    }

    private void TakeIn(ReplicaInput input)
    {
        switch (input)
        {
            case ClientFrames frames:
                clients.TakeIn(frames, clock.Timestamp);
                break;
            case FromPeer message:
                TakeIn(message);
                break;
            case LogPersisted persisted:
                core.Step(new Persisted(persisted.Sequence));
                break;
            case ClientConnecting connecting:
                clients.TakeIn(connecting, tree.AppliedIndex);
                break;
            case ClientGone gone:
                clients.Gone(gone.Session);
                break;
            case SendsTaken:
                clients.SendsTaken();
                break;
            case StopRequested stop:
                stopping.Begin(core, stop.Stopped);
                break;
            default:
                TakeInRare(input);
                break;
        }
    }

    private void TakeInRare(ReplicaInput input)
    {
        switch (input)
        {
            case PeerUp up:
                view.Linked(up.Peer, isUp: true);
                cluster.Linked(up.Peer, up.FeatureLevelMax);
                core.Step(new PeerConnected(up.Peer, up.StartNumber, up.KnownLeader, up.IsRecovering));
                if (up.Peer == view.Leader)
                    LeaderChanged();
                break;
            case PeerDown down:
                view.Linked(down.Peer, isUp: false);
                core.Step(new PeerUnreachable(down.Peer));
                break;
            case PeerMessageDropped lost:
                core.Step(new PeerUnreachable(lost.Peer));
                break;
            case PeerProcessGone gone:
                core.Step(new PeerGone(gone.Peer));
                break;
            case SnapshotSendEnded sent:
                core.Step(new SnapshotSent(sent.Peer, sent.Success, sent.Snapshot.Index));
                break;
            case SnapshotArrived arrived:
                core.Step(new SnapshotReceived(
                    arrived.From, arrived.LeaderTerm, arrived.Snapshot.Index, arrived.Snapshot.Term));
                break;
            case EntriesRead read:
                core.Step(new EntriesFetched(read.Request.Peer, read.Request.First, read.Entries));
                break;
            case LogShortened shortened:
                core.Step(new LogCompacted(shortened.FirstIndex));
                break;
            case SnapshotWritten written:
                snapshots.Written(written, view.WallClockMs);
                break;
            case SnapshotMarked marked:
                core.Step(snapshots.Marked(marked.Snapshot, TreeMembership.Of(tree), tree.FeatureLevel));
                break;
            case SnapshotLoaded loaded:
                TakeIn(loaded);
                break;
            case SnapshotFailed failed:
                ReplicaTrace.SnapshotFailed(services.Logger, failed.Snapshot.Index.Value);
                snapshots.Failed(failed.Snapshot);
                break;
            case SnapshotWanted:
                snapshots.WantOne();
                break;
            case SessionReportWanted wanted:
                reports.Begin(wanted);
                break;
            case WatchReportWanted wanted:
                watchReports.Begin(wanted);
                break;
            default:
                if (cluster.TryTakeIn(input))
                    break;
                throw new InvalidOperationException($"Unknown input {input.GetType().Name}.");
        }
    }

    private void TakeIn(FromPeer input)
    {
        switch (input.Message)
        {
            case RaftPeerMessage raft:
                core.Step(new Received(input.From, raft.Message));
                break;
            case ForwardedEntries forwarded:
                leading.TakeForwarded(core, input.From, forwarded);
                break;
            case ContactReport report:
                leading.TakeContacts(core, input.From, report.Id, report.Sessions);
                break;
            case ContactAnswer { Accepted: true } answer:
                rounds.Answered(answer.Id, answer.Index.Value);
                break;
            case StateDigest state:
                comparison.Take(input.From, state);
                break;
            default:
                cluster.TakeIn(input.From, input.Message, tree);
                break;
        }
    }

    private void TakeIn(SnapshotLoaded loaded)
    {
        if (loaded.Tree is null)
        {
            snapshots.InstallFailed();
            core.Step(new SnapshotInstalled(
                loaded.Install.Index, loaded.Install.Term, Success: false, Membership: null, FeatureLevel: 0));
            return;
        }

        // The entries it skips would have fired watches: clients start again (design.md section 10).
        ReplicaTrace.SnapshotInstalled(services.Logger, loaded.Install.Index.Value, loaded.Install.From.Value);
        clients.CloseAll();
        tree = loaded.Tree;
        tree.Features = AnnouncedFeatures.Text;
        appliedTerm = loaded.Install.Term;
        applier.Installed(tree);
        proposals.DropThrough(tree.NextOriginSequence(view.Self.Value, view.ProcessStart) - 1);
        snapshots.Loaded(loaded.Install);
    }

    private void Tick(int elapsed)
    {
        proposals.Tick();
        WatchDisk(services.Log.OldestUnflushed);
        if (elapsed >= services.Limits.ElectionTicks)
            leading.WasPaused();
        leading.ExpireSessions(core, tree);
        leading.SweepZnodes(core, tree);
        cluster.Tick();
        core.Step(new Tick(elapsed));
    }

    /// <summary>
    /// A slow disk is warned of, costs the office, and in the end stops the process (raft-design E16).
    /// </summary>
    private void WatchDisk(TimeSpan age)
    {
        var limits = services.Limits;
        if (age >= limits.FlushStop)
            throw new StorageFailedException($"The log has not been flushed for {age.TotalSeconds:F0} s.");
        if (age >= limits.FlushWarning && !isFlushLate)
            ReplicaTrace.FlushLate(services.Logger, (long)age.TotalMilliseconds);
        isFlushLate = age >= limits.FlushWarning;
        core.Step(new DiskLate((int)(age.Ticks / limits.ReplicaTick.Ticks)));
    }

    /// <summary>Begins a proof round for pings and syncs that wait, or for contacts with the next heartbeat.</summary>
    private void BeginRound(int elapsedTicks)
    {
        ticksSinceRound += elapsedTicks;
        var isHeartbeat = ticksSinceRound >= services.Limits.HeartbeatTicks;
        if (rounds.ShouldBegin || (isHeartbeat && rounds.HasContacts && !rounds.IsUnderWay))
            rounds.Begin(view.NowMs);
        else if (rounds.IsAwaitingAnswer && IsAnswerLate())
            rounds.BeginAttempt(view.NowMs);
        else
            return;
        SendRound();
    }

    private bool IsAnswerLate() => view.NowMs - rounds.SentAtMs >= services.Limits.ForwardRetry.TotalMilliseconds;

    private void SendRound()
    {
        ticksSinceRound = 0;
        if (view.IsLeader)
            leading.TakeContacts(core, view.Self, rounds.Attempt, rounds.ReportedSessions);
        else if (view.Leader is { } leader)
            services.Links.Send(leader, new ContactReport(rounds.Attempt, rounds.ReportedSessions, Barrier: true));
    }

    private void HandOut(RaftReady ready)
    {
        if (ready.StatusIfChanged is { } status && view.Update(status))
        {
            ReplicaTrace.RoleChanged(services.Logger, view.Role, view.Term.Value, view.Leader?.Value ?? 0);
            LeaderChanged();
        }

        foreach (var message in ready.Messages)
            services.Links.Send(message.To, new RaftPeerMessage(message.Message));
        services.Links.Flush(); // Ahead of the own log and of all that the turn still does: theirs is the longer way.
        if (ready.MessagesAfterPersist.Count > 0)
            afterPersist.Hold(ready.MessagesAfterPersist, ready.MessagesAfterSequence);
        if (ready.Append is { } append)
        {
            times.Appended(append.Entries);
            services.Log.Append(append);
        }

        foreach (var fetch in ready.FetchEntries)
            services.Background.ReadEntries(fetch);
        foreach (var send in ready.SendSnapshot)
            snapshots.Send(send);
        foreach (var rejection in ready.Rejected)
            Refused(rejection);
        foreach (var state in ready.ReadStates)
            leading.Confirmed(state);
        if (ready.InstallSnapshot is { } install)
            snapshots.Install(install);
        cluster.HandOut(ready);
        hasMore = ready.HasMore;
        times.Committed(ready.Committed);
        Apply(ready.Committed);
    }

    private void Apply(IReadOnlyList<Entry> committed)
    {
        if (committed.Count == 0)
            return;
        for (var position = 0; position < committed.Count; position++)
            applier.Apply(tree, committed[position]);
        var last = committed[^1];
        appliedTerm = last.Term;
        if (view.IsLeader && !leading.HasTimers && last.Term == view.Term)
            leading.LoadTimers(tree);
        core.Step(new Applied(last.Index));
    }

    private void Refused(Rejection rejection)
    {
        leading.Refused(rejection);
        if (rejection.Token > 0)
            proposals.Refused();
    }

    /// <summary>
    /// Role, term, leader or the way to it changed: everything on its way may be lost and is sent again.
    /// </summary>
    private void LeaderChanged()
    {
        leading.Reset();
        times.Reset();
        leaderless.Changed();
        cluster.LeaderChanged();
        comparison.Reset();
        proposals.SendAgain();
        services.Links.AbortSnapshots(view.Term);
        if (!rounds.IsAwaitingAnswer)
            return;
        rounds.BeginAttempt(view.NowMs);
        SendRound();
    }
}
