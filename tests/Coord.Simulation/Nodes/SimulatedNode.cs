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
    private static readonly UInt128 Cluster = 4711;

    private readonly SimulatedWorld _world;
    private readonly SeededRandom _random;
    private readonly NodeLimits _limits;
    private readonly SimulatedClock _clock;
    private List<ReplicaInput> _inputs = [];
    private NodeProcess? _process;
    private bool _isTurnPlanned;
    private long _pausedUntil;

    public SimulatedNode(SimulatedWorld world, int id, SeededRandom random, NodeLimits limits, SimulatedClock clock)
    {
        _world = world;
        _random = random;
        _limits = limits;
        _clock = clock;
        Id = id;
        Disk = new SimulatedDisk(random.Next());
    }

    public int Id { get; }

    public SimulatedDisk Disk { get; }

    public SimulatedClock Clock => _clock;

    public int Life { get; private set; }

    public bool IsRunning => _process is not null;

    public bool IsMachineOn { get; private set; }

    public bool IsPaused => _world.Events.Now < _pausedUntil;

    public long StartNumber => _process!.StartNumber;

    public Replica? Replica => _process?.Replica;

    public SnapshotStore? Snapshots => _process?.Snapshots;

    public RaftStatus? Status => _process?.Replica.Core.Status;

    public int? KnownLeader => Status?.Leader?.Value;

    public int Crashes { get; private set; }

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

    public UInt128 Incarnation => (UInt128)(1000 + Id);

    /// <summary>Starts a process on what the disk holds.</summary>
    public void Start()
    {
        Life++;
        IsMachineOn = true;
        _inputs = [];
        _isTurnPlanned = false;
        _pausedUntil = 0;
        _process = new NodeProcess(_world, this, OpenDirectory(), _limits, _clock, _random.Fork());
        _world.Trace.Say(_world.Events.Now, $"node {Id} starts, {_process.Describe()}");
        PlanTurn();
        PlanTick(Life);
    }

    /// <summary>The process is killed, or the machine loses its power, perhaps in the middle of a write.</summary>
    public void Crash(bool isPowerLost)
    {
        if (_process is null)
            return;

        Crashes++;
        if (_random.Chance(0.5))
            _process.TearWrite(_random.Between(1, 4));

        Life++;
        _process = null;
        IsMachineOn = !isPowerLost;
        if (isPowerLost)
            Disk.Crash(_random.Chance(0.3) ? CrashOutcome.LoseAll : CrashOutcome.Random);
        else
            Disk.Kill();

        _world.Trace.Say(_world.Events.Now, $"node {Id} {(isPowerLost ? "loses power" : "is killed")}");
        _world.Network.Stopped(Id);
    }

    /// <summary>No turns, while time goes on (SIGSTOP).</summary>
    public void Pause(long microseconds)
    {
        _pausedUntil = _world.Events.Now + microseconds;
        _world.Trace.Say(_world.Events.Now, $"node {Id} pauses for {microseconds / 1000} ms");
    }

    public void Resume() => _pausedUntil = 0;

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
        if (Life != life || _process is null)
            return;

        if (IsPaused)
            _world.Events.At(_pausedUntil, () => Run(life, step));
        else
            step();
    }

    public SnapshotSource? OpenNewestSource(SnapshotId atLeast)
    {
        var newest = Snapshots!.List().FirstOrDefault(s => s.Id.Index >= atLeast.Index);
        return newest is null ? null : Snapshots!.OpenSource(newest.Id);
    }

    private void PlanTurn()
    {
        if (_isTurnPlanned)
            return;

        _isTurnPlanned = true;
        var life = Life;
        _world.Events.After(_random.Between(5, 60), () => Run(life, Turn));
    }

    private void PlanTick(int life)
    {
        var wait = _clock.MicrosecondsFor(_process!.Replica.UntilNextTick);
        _world.Events.After(Math.Max(1, wait), () => Run(life, () =>
        {
            PlanTurn();
            PlanTickAfterTurn(life);
        }));
    }

    // The turn that was planned takes the tick; the next one is due after it.
    private void PlanTickAfterTurn(int life) =>
        _world.Events.After(_random.Between(100, 200), () => Run(life, () => PlanTick(life)));

    private void Turn()
    {
        _isTurnPlanned = false;
        var inputs = _inputs;
        _inputs = [];
        _process!.Turn(inputs);
        if (_process is { Replica.HasWork: true })
            PlanTurn();
    }

    private DataDirectory OpenDirectory() =>
        DataDirectory.Open(Disk, "/data", Id, _limits, Incarnation, _clock);
}
