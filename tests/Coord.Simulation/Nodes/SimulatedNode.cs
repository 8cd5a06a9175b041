using System.Buffers;
using Coord.Node;
using Coord.Node.Clients;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Clients;
using Coord.Simulation.Disk;
using Coord.Simulation.Network;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Nodes;

/// <summary>
/// A node: the real replica, log writer, recovery and snapshots, called step by step as their threads would
/// (raft-design T1), on a simulated disk, clock and network. The disk outlives its processes.
/// </summary>
internal sealed class SimulatedNode : INetworkHost, IClientHost, IReplicaInbox
{
    // One may have begun before the harm.
    private const int ScrubsUntilSound = 2;

    public const string ClusterName = "simulated";

    private static readonly UInt128 Cluster = 4711;

    private readonly SimulatedWorld _world;
    private readonly SeededRandom _random;
    private readonly NodeLimits _limits;
    private readonly SimulatedClock _clock;
    private List<ReplicaInput> _inputs = [];
    private NodeProcess? _process;
    private DataDirectory? _directory;
    private bool _isWaiting;
    private int _disks = 1;
    private TaskCompletionSource? _stopping;
    private bool _isTurnPlanned;
    private bool _isKilledAtOperation;
    private long _pausedUntil;
    private long _slowUntil;
    private int _slowness;
    private int _roundsUntilSound;
    private Action<DataDirectory>? _beforeNext;

    public SimulatedNode(SimulatedWorld world, int id, SeededRandom random, SimulatedClock clock)
    {
        _world = world;
        _random = random;
        _limits = world.Shape.Limits;
        _clock = clock;
        Id = id;
        Disk = new SimulatedDisk(random.Next());
    }

    public int Id { get; }

    public SimulatedDisk Disk { get; private set; }

    public SimulatedClock Clock => _clock;

    public int Life { get; private set; }

    public bool IsRunning => _process is not null;

    public bool IsMachineOn { get; private set; }

    public bool IsPaused => _world.Events.Now < _pausedUntil;

    /// <summary>The process runs on an empty directory and waits to be let in (raft-design M14).</summary>
    public bool IsWaiting => _isWaiting;

    public long StartNumber => _process!.StartNumber;

    public Replica? Replica => _process?.Replica;

    public SnapshotStore? Snapshots => _process?.Snapshots;

    public RaftStatus? Status => _process?.Replica.Core.Status;

    public bool IsRecovering => _process?.IsRecovering ?? false;

    /// <summary>Its disk was harmed, and may still be: what it holds cannot be counted on (raft-design T6).</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Its disk was harmed some time: damage that it finds has a cause.</summary>
    public bool WasDamaged { get; private set; }

    /// <summary>Its disk was harmed, and no process has read all of its log since.</summary>
    public bool HasUnseenDamage { get; set; }

    public int? KnownLeader => Status?.Leader?.Value;

    public bool IsLeader => Status?.Role == RaftRole.Leader;

    /// <summary>Nobody but the healing phase starts it again.</summary>
    public bool StaysDown { get; set; }

    /// <summary>Each disk is another one (raft-design I3).</summary>
    public UInt128 Incarnation => (UInt128)((1000 * _disks) + Id);

    public bool Lists(int node) => _process?.Lists(node) ?? false;

    /// <summary>Founds the cluster on this node's empty disk.</summary>
    public void Found(IReadOnlyList<Member> members)
    {
        using var directory = OpenDirectory();
        directory.SetGenesis(Cluster, members);
    }

    /// <summary>A node as the cluster knows it, at addresses that only the simulation has.</summary>
    public static Member MemberOf(int id, UInt128 incarnation)
    {
        NodeAddress At(int port) => new($"node{id}", port);
        return new Member(new NodeId(id), incarnation, At(2281), At(2181), At(8081));
    }

    /// <summary>Starts a process on what the disk holds.</summary>
    public void Start()
    {
        if (_process is not null || _isWaiting)
            return;

        Life++;
        IsMachineOn = true;
        _inputs = [];
        _stopping = null;
        _beforeNext = null;
        _roundsUntilSound = ScrubsUntilSound;
        _isTurnPlanned = false;
        _pausedUntil = 0;
        _slowUntil = 0;
        Guard(() =>
        {
            _directory = OpenDirectory();
            if (_directory.RemovedBecause is { } why)
                Refuse(_directory, why);
            else if (_directory.Identity.HasCluster)
                Begin(_directory);
            else
                Wait(_directory);
        });
    }

    /// <summary>The disk is replaced by an empty one: the node is another one now (raft-design M15).</summary>
    public void Wipe()
    {
        TurnOff();
        _disks++;
        Disk = new SimulatedDisk(_random.Next());
        (IsDamaged, WasDamaged, HasUnseenDamage) = (true, false, false);
        _roundsUntilSound = int.MaxValue;
        _world.Checker.Wiped(Id);
        _world.Tell($"node {Id} gets an empty disk");
        PlanStart();
    }

    /// <summary>What this node says of itself, as its process would.</summary>
    public PeerHello Greet(int peer, PeerChannel channel)
    {
        var identity = _directory!.Identity;
        var core = _process?.Replica.Core;
        return new PeerHello
        {
            Channel = channel,
            ClusterName = ClusterName,
            ClusterId = identity.Cluster,
            Self = MemberOf(Id, identity.Incarnation),
            StartNumber = _directory.StartNumber,
            ExpectedPeer = new NodeId(peer),
            FeatureLevel = (ushort)(core?.Status.FeatureLevel ?? FeatureLevels.Min),
            IsRecovering = IsRecovering,
            KnownLeader = new NodeId(KnownLeader ?? 0),
            Genesis = identity.Genesis,
            MembershipIndex = core?.Membership.Index ?? default,
            Members = _process?.Members ?? [.. _world.Nodes.Select(n => MemberOf(n.Id, 0))],
        };
    }

    // As the host does: another node may be let in under this number, on an empty directory.
    private void Refuse(DataDirectory directory, string why)
    {
        _world.Tell($"node {Id} does not start: {why}");
        directory.Dispose();
    }

    private void Begin(DataDirectory directory)
    {
        _process = new NodeProcess(_world, this, directory, _limits, _clock, _random.Fork());
        _world.Tell($"node {Id} starts, {_process.Describe()}");
        PlanTurn();
        PlanTick(Life);
        if (_process.HasLostSnapshot)
            Post(new SnapshotWanted());
    }

    private void Wait(DataDirectory directory)
    {
        _world.Tell($"node {Id} waits to be let in");
        _isWaiting = true;
        _ = new WaitingNode(_world, this, _random.Fork(), genesis =>
        {
            directory.SetGenesis(genesis.ClusterId, genesis.Members);
            _isWaiting = false;
            IsDamaged = false;
            Begin(directory);
        });
    }

    /// <summary>Power is lost, whether there is a process or not.</summary>
    public void TurnOff()
    {
        if (_process is not null || _isWaiting)
            LosePower();
        else
            Disk.Crash(CrashOutcome.Random);
    }

    /// <summary>Its disk was harmed: it is sound when everything was read, and mended where it had to be.</summary>
    public void Damaged()
    {
        IsDamaged = true;
        WasDamaged = true;
        HasUnseenDamage = true;
        _roundsUntilSound = ScrubsUntilSound;
    }

    /// <summary>Everything on the disk was read once more.</summary>
    public void Scrubbed()
    {
        if (IsDamaged && !IsRecovering && --_roundsUntilSound <= 0 && _process!.CanStartAgain)
            IsDamaged = false;
    }

    /// <summary>
    /// The process found damage: it hands over, ends, and begins again as recovering (raft-design P22).
    /// </summary>
    public void FoundDamage(string what)
    {
        _world.Tell($"node {Id} finds damage: {what}");
        _roundsUntilSound = int.MaxValue;
        BeginAnew(directory => directory.MarkRecovering(what));
    }

    /// <summary>The log holds requests of this node of a later process: this one ends (raft-design I9).</summary>
    public void FoundHigherStart(long latest)
    {
        _world.Tell($"node {Id} finds requests of its start {latest}, and this is {StartNumber}");
        BeginAnew(directory => directory.RaiseStartNumber(latest));
    }

    private void BeginAnew(Action<DataDirectory> beforeNext)
    {
        if (_stopping is not null)
            return;

        _beforeNext = beforeNext;
        _stopping = new TaskCompletionSource();
        Post(new StopRequested(_stopping));
    }

    /// <summary>The process is killed (SIGKILL): what it wrote stays, flushed or not.</summary>
    public void Kill()
    {
        if (_process is null && !_isWaiting)
            return;

        _world.Counters.CountCrash();
        End("is killed", isPowerLost: false);
    }

    /// <summary>The machine loses its power.</summary>
    public void LosePower()
    {
        if (_process is null && !_isWaiting)
            return;

        _world.Counters.CountCrash();
        End("loses power", isPowerLost: true);
    }

    /// <summary>Power will be lost just before an operation on files, so many from now.</summary>
    public void LosePowerAt(int operations) => Disk.CrashAtOperation = Disk.Operations + operations;

    /// <summary>
    /// The process will be killed just before an operation on files, and power lost soon after the next one began: what
    /// the first wrote and did not flush must not be promised by the second (raft-design P20).
    /// </summary>
    public void KillAt(int operations)
    {
        LosePowerAt(operations);
        _isKilledAtOperation = true;
    }

    /// <summary>Hands leadership over, answers what is under way, ends (SIGTERM; raft-design L7).</summary>
    public void Stop()
    {
        if (_process is null || _stopping is not null)
            return;

        _world.Tell($"node {Id} is told to stop");
        _world.Counters.CountStop();
        _stopping = new TaskCompletionSource();
        Post(new StopRequested(_stopping));
    }

    /// <summary>No turns, while time goes on (SIGSTOP).</summary>
    public void Pause(long microseconds)
    {
        _pausedUntil = _world.Events.Now + microseconds;
        _world.Tell($"node {Id} pauses for {microseconds / 1000} ms");
    }

    /// <summary>Each step comes late by up to so many microseconds.</summary>
    public void SlowDown(long microseconds, int slowness)
    {
        _slowUntil = _world.Events.Now + microseconds;
        _slowness = slowness;
        _world.Tell($"node {Id} is slow for {microseconds / 1000} ms, each step up to {slowness / 1000} ms");
    }

    /// <summary>Ends pauses, slowness and what else lasts.</summary>
    public void Resume()
    {
        _pausedUntil = 0;
        _slowUntil = 0;
    }

    /// <summary>How much later than it should a step of this node comes.</summary>
    public long DrawLag() => _world.Events.Now < _slowUntil ? _random.Below(_slowness) : 0;

    /// <summary>Asks the core to hand leadership over, to anybody or to a given node.</summary>
    public void TransferLeadership(int? to)
    {
        if (!IsLeader)
            return;

        _world.Tell($"node {Id} is asked to hand over to {(to is null ? "anybody" : $"node {to}")}");
        _process!.Replica.Core.Step(new TransferLeadership(to is { } id ? new NodeId(id) : null));
        PlanTurn();
    }

    public void Post(ReplicaInput input)
    {
        if (_process is null)
            return;

        _inputs.Add(input);
        PlanTurn();
    }

    public void Connect(ClientSession session, byte[] handshakeFrame)
    {
        if (!ConnectHandshake.TryRead(new ReadOnlySequence<byte>(handshakeFrame.AsMemory(4)), out var handshake))
            throw new SimulationFailedException("a handshake cannot be read");

        Post(new ClientConnecting(session, handshake));
    }

    public void Receive(ClientSession session, byte[] frames, int count) =>
        Post(new ClientFrames(session, frames, count));

    public void Disconnect(ClientSession session) => Post(new ClientGone(session));

    /// <summary>Runs the step now if this process still lives, later if it is paused.</summary>
    public void Run(int life, Action step)
    {
        if (Life != life || (_process is null && !_isWaiting))
            return;

        if (IsPaused)
            _world.Events.At(_pausedUntil, () => Run(life, step));
        else
            Guard(step);
    }

    /// <summary>What a reader of a failure wants to know of it.</summary>
    public override string ToString() => (IsWaiting ? "waits to be let in" : Status?.ToString() ?? "not running")
        + (Replica is null ? "" : $", sessions {string.Join(' ', Replica.Tree.Sessions.Select(s => $"{s.Id:x}"))}")
        + (IsLeader ? $", peers {string.Join(", ", Status!.Peers)}" : "")
        + (IsDamaged ? ", its disk was harmed" : "");

    // What ends a process in production ends it here: power at any operation on files, and disks that fail.
    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (SimulatedCrashException)
        {
            _world.Counters.CountCrash();
            if (_isKilledAtOperation)
                EndTwice();
            else
                End("loses power at an operation on files", isPowerLost: true);
        }
        catch (Exception e) when (Disk.HasFailed && IsEnd(e))
        {
            _world.Counters.CountDiskFailure();
            End($"ends: {e.Message}", isPowerLost: false);
        }
    }

    private void EndTwice()
    {
        const long StartTime = 10_000;
        _isKilledAtOperation = false;
        End("is killed at an operation on files", isPowerLost: false);
        _world.Events.After(StartTime, () => IfFaulty(Start));
        _world.Events.After(StartTime + _random.Between(500, 60_000), () => IfFaulty(LosePower));
    }

    private void IfFaulty(Action harm)
    {
        if (_world.IsFaulty)
            harm();
    }

    private static bool IsEnd(Exception e) =>
        e is IOException or StorageFailedException or DataUnusableException;

    private void End(string how, bool isPowerLost)
    {
        Life++;
        _process = null;
        _isWaiting = false;
        IsMachineOn = !isPowerLost;
        if (isPowerLost)
            Disk.Crash(_random.Chance(0.3) ? CrashOutcome.LoseAll : CrashOutcome.Random);
        else
            Disk.Kill();

        _world.Tell($"node {Id} {how}");
        _world.Network.Unlink(Id);
        _world.Transfers.Stopped(Id);
        PlanStart();
    }

    private void PlanStart() => _world.Events.After(_random.Between(10, 3_000) * 1_000L, () =>
    {
        if (!StaysDown)
            Start();
    });

    private void PlanTurn()
    {
        if (_isTurnPlanned)
            return;

        _isTurnPlanned = true;
        var life = Life;
        _world.Events.After(_random.Between(5, 60) + DrawLag(), () => Run(life, Turn));
    }

    private void PlanTick(int life) =>
        _world.Events.After(_clock.MicrosecondsFor(_limits.ReplicaTick), () => Run(life, () =>
        {
            PlanTurn();
            PlanTick(life);
        }));

    private void Turn()
    {
        _isTurnPlanned = false;
        var inputs = _inputs;
        _inputs = [];
        _process!.Turn(inputs);
        if (_stopping is { Task.IsCompleted: true })
        {
            _process.FlushLog();
            _beforeNext?.Invoke(_directory!);
            End("has stopped", isPowerLost: false);
        }
        else if (_process.Replica.HasWork)
        {
            PlanTurn();
        }
    }

    private DataDirectory OpenDirectory() =>
        DataDirectory.Open(Disk, "/data", Id, _limits, Incarnation, _clock);
}
