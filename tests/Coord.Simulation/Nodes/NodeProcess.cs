using Coord.Node;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Checks;
using Coord.Simulation.Disk;
using Coord.Simulation.Faults;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Simulation.Nodes;

/// <summary>One life of a node: everything that a process holds in memory.</summary>
#pragma warning disable CA1001 // A process that is killed closes nothing, and neither does this one.
internal sealed class NodeProcess
#pragma warning restore CA1001
{
    private const long IdleWait = 300_000;
    private const double SlowOrderChance = 0.02;
    private const double SlowLoadChance = 0.3;
    private const double InterleavedChance = 0.05;
    private const int InterleavedMax = 100;

    private readonly SimulatedWorld _world;
    private readonly SimulatedNode _node;
    private readonly SeededRandom _random;
    private readonly SeededRandom _interleaving;
    private readonly int _life;
    private readonly SegmentedLog _log;
    private readonly LogWriter _writer;
    private readonly ReplicaBackground _background;
    private readonly string _recovered;
    private readonly DataDirectory _directory;
    private readonly DamageReports _damage;
    private readonly Scrubber _scrubber;
    private int[] _listed = [];
    private bool _hasRecovered;
    private long _rounds;
    private bool _isLogPlanned;
    private bool _isBackgroundPlanned;
    private bool _isLoadWanted;

    public NodeProcess(
        SimulatedWorld world,
        SimulatedNode node,
        DataDirectory directory,
        NodeLimits limits,
        SimulatedClock clock,
        SeededRandom random)
    {
        _world = world;
        _node = node;
        _directory = directory;
        _random = random;
        _life = node.Life;
        StartNumber = directory.StartNumber;
        var config = new ClusterConfig(SimulatedNode.ClusterName, []);
        var settings = new NodeSettings(new NodeId(node.Id), config, "/data", limits);
        var seed = random.Next();
        _interleaving = new SeededRandom(~seed);
        var recovery = NodeRecovery.Read(directory, settings, seed, new ReplicaMetrics(), NullLogger.Instance);
        var log = recovery.Log;
        var snapshot = recovery.Start.Raft.SnapshotIndex;
        _log = log.Log;
        Snapshots = recovery.Snapshots;
        HasLostSnapshot = recovery.HasLostSnapshot;
        RequireCause(log);
        TellChecker(log, recovery.Start.Raft);
        world.Sessions.NodeStarted(node.Id);
        _recovered = $"log {log.FirstIndex}..{log.LastIndex}, snapshot {snapshot}, cut {log.CutBytes}"
            + (directory.RecoveringBecause is { } why ? $", recovering because of {why}" : "");

        var reports = new LogReports(node);
        _writer = new LogWriter(
            node.Disk, log, directory.Watermark, limits, clock, new ObservedReports(world.Checker, node.Id, reports));
        _damage = new DamageReports(log.Log, Snapshots, node, clock, NullLogger.Instance);
        _scrubber = new Scrubber(node.Disk, log.Log, Snapshots, limits, clock, _damage);
        _background = new ReplicaBackground(
            _writer, Snapshots, node, _damage, limits, seed, ClearRecovering, directory.MarkRemoved);
        Replica = new Replica(
            new ReplicaServices
            {
                Time = clock,
                Limits = limits,
                RaftSettings = RunLimits.SettingsOf(limits),
                Log = new ObservedLog(new ReplicaLog(_writer), this, world, node.Id, PlanLog),
                Links = new SimulatedLinks(
                    node.Id, world.Network, world.Transfers, world.Checker, SetMembers, Reconnect),
                Sends = new SimulatedSends(world, node),
                Background = new ObservedBackground(_background, PlanBackground, () => _isLoadWanted = true),
                Metrics = new NodeMetrics { Replica = new ReplicaMetrics { Digests = NewDigests() } },
                Damaged = node.FoundDamage,
                StartOutdone = node.FoundHigherStart,
                NewPassword = NewPassword,
                Publish = _ => { },
            },
            recovery.Start);
        reports.Bind(Replica.AfterPersist);
        PlanDiskCare(hasWork: true);
        if (world.Shape.Has(FaultKind.Damage))
            PlanScrub(TimeSpan.Zero);
    }

    public Replica Replica { get; }

    public SnapshotStore Snapshots { get; }

    public long StartNumber { get; }

    public bool HasLostSnapshot { get; }

    /// <summary>What it says of itself in a handshake (raft-design P30).</summary>
    public bool IsRecovering => !_hasRecovered && Replica.Core.Status.IsRecovering;

    /// <summary>The members of the active membership (raft-design M3).</summary>
    public IReadOnlyList<Member> Members { get; private set; } = [];

    /// <summary>
    /// The disk holds what a start needs: a damaged snapshot is given up at once, and there may be no room for another.
    /// </summary>
    public bool CanStartAgain => _log.FirstIndex.Value == 1
        || Snapshots.List().Any(s => s.Id.Index <= _log.SnapshotIndex && s.Id.Index.Next >= _log.FirstIndex);

    public bool Lists(int node) => _listed.Contains(node);

    public string Describe() => _recovered;

    public void Turn(IReadOnlyList<ReplicaInput> inputs)
    {
        Replica.RunTurn(inputs);
        var status = Replica.Core.Status;
        var tree = Replica.Tree;
        _world.Trace.Mix(_world.Events.Now, _node.Id, inputs.Count, status.Commit.Value);
        StatusChecker.Check(status, _world.Shape.Limits);
        _world.Offices.Turned(status);
        _world.Checker.Turned(_node.Id, status, tree.AppliedIndex, tree.RollingDigest);
        _world.Sessions.Turned(_node.Id, tree);
    }

    /// <summary>A process that stops writes what is queued before it ends.</summary>
    public void FlushLog()
    {
        while (_writer.RunOnce())
        {
            // Each time one batch.
        }
    }

    private void ClearRecovering()
    {
        _directory.ClearRecovering();
        _world.Checker.HasRecovered(_node.Id, StartNumber);
        _world.Counters.CountRecovery();
        _world.Tell($"node {_node.Id} has recovered");
    }

    private void SetMembers(IReadOnlyList<Member> members)
    {
        Members = members;
        _listed = [.. members.Select(m => m.Id.Value)];
    }

    private void Reconnect()
    {
        _hasRecovered = true;
        _world.Network.Unlink(_node.Id);
    }

    // A node that takes a torn tail for damage is out of service for nothing (raft-design P20).
    private void RequireCause(RecoveredLog log)
    {
        if (log.Damage is { } damage && !_node.WasDamaged)
            throw new SimulationFailedException($"node {_node.Id} finds damage where none was done: {damage}");
    }

    private void TellChecker(RecoveredLog log, RaftStart start)
    {
        var entries = new List<(long Index, long Term)>();
        for (var i = 0; i < log.TermRuns.Count; i++)
        {
            var end = i + 1 < log.TermRuns.Count ? log.TermRuns[i + 1].FirstIndex.Value : log.LastIndex.Value + 1;
            for (var index = log.TermRuns[i].FirstIndex.Value; index < end; index++)
                entries.Add((index, log.TermRuns[i].Term.Value));
        }

        entries.RemoveAll(e => e.Index <= start.SnapshotIndex.Value);
        var snapshot = (start.SnapshotIndex.Value, start.SnapshotTerm.Value);

        // A start that ended while it cut the damage away leaves a log without damage, and the flag.
        var hasLost = log.Damage is not null || (start.IsRecovering && _node.HasUnseenDamage);
        _world.Checker.Recovered(
            _node.Id, snapshot, log.HardState, log.LastIndex.Value, entries, start.IsRecovering, hasLost);
        _node.HasUnseenDamage = false;
    }

    // Nodes compare their states often: a run has few entries (design.md section 10).
    private static DigestLog NewDigests() => new() { Interval = 16 };

    private byte[] NewPassword()
    {
        var password = new byte[16];
        BitConverter.TryWriteBytes(password, _random.Next());
        BitConverter.TryWriteBytes(password.AsSpan(8), _random.Next());
        return password;
    }

    // The writer's thread wakes, writes and flushes: that takes a while, now and then very long.
    private void PlanLog()
    {
        if (_isLogPlanned)
            return;

        _isLogPlanned = true;
        var shape = _world.Shape;
        var wait = shape.FlushMin + _random.Below(shape.FlushSpread + 1) + _node.DrawLag();
        wait += DrawSlowness(shape.SlowFlushChance);
        _world.Events.After(wait, () => _node.Run(_life, () =>
        {
            _isLogPlanned = false;
            if (WriteBatch())
                PlanLog();
        }));
    }

    // Its thread is not alone: at any write or flush the one behind it may do a step, or many.
    private bool WriteBatch()
    {
        _node.Disk.Meanwhile = () =>
        {
            var steps = _interleaving.Chance(InterleavedChance) ? _interleaving.Between(1, InterleavedMax) : 0;
            while (steps-- > 0 && _writer.RunBackgroundStep())
            {
                // Each round is one step.
            }
        };
        try
        {
            return _writer.RunOnce();
        }
        finally
        {
            _node.Disk.Meanwhile = null;
        }
    }

    private long DrawSlowness(double chance)
    {
        var shape = _world.Shape;
        var isSlow = _world.IsFaulty && shape.Has(FaultKind.SlowFlushes) && _random.Chance(chance);
        return isSlow ? _random.Below(shape.SlowFlushMax) : 0;
    }

    private void PlanBackground()
    {
        if (_isBackgroundPlanned)
            return;

        _isBackgroundPlanned = true;
        var wait = _random.Between(50, 3_000) + _node.DrawLag();
        wait += DrawSlowness(_isLoadWanted ? SlowLoadChance : SlowOrderChance);
        _isLoadWanted = false;
        _world.Events.After(wait, () => _node.Run(_life, () =>
        {
            _isBackgroundPlanned = false;
            if (_background.RunOnce())
                PlanBackground();
        }));
    }

    // The thread behind the log's own: step by step while there is work, and a look now and then.
    private void PlanDiskCare(bool hasWork) =>
        _world.Events.After(hasWork ? _random.Between(2_000, 20_000) : IdleWait, () => _node.Run(_life, () =>
            PlanDiskCare(_writer.RunBackgroundStep())));

    private void PlanScrub(TimeSpan wait) =>
        _world.Events.After((long)wait.TotalMicroseconds + _random.Between(1_000, 20_000), () => _node.Run(_life, () =>
        {
            var next = _scrubber.RunOnce();
            if (_damage.Status.Rounds > _rounds)
            {
                _rounds = _damage.Status.Rounds;
                _node.Scrubbed();
            }

            PlanScrub(next);
        }));
}
