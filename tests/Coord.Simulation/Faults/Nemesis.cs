using Coord.Simulation.Clients;
using Coord.Simulation.Disk;
using Coord.Simulation.Nodes;

namespace Coord.Simulation.Faults;

/// <summary>
/// Does harm, each kind in a rhythm of its own that is drawn with the run's shape (raft-design T3 to T6).
/// </summary>
internal sealed class Nemesis
{
    private readonly SimulatedWorld _world;
    private readonly SeededRandom _random;
    private readonly IReadOnlyList<SimulatedNode> _nodes;
    private readonly IReadOnlyList<SimulatedClient> _clients;
    private readonly NetworkFaults _wire;
    private readonly DiskFaults _disks;
    private readonly DiskDamage _damage;
    private readonly MembershipFaults _changes;

    public Nemesis(
        SimulatedWorld world,
        SeededRandom random,
        IReadOnlyList<SimulatedNode> nodes,
        IReadOnlyList<SimulatedClient> clients)
    {
        _world = world;
        _random = random;
        _nodes = nodes;
        _clients = clients;
        _wire = new NetworkFaults(world, random.Fork(), nodes);
        _disks = new DiskFaults(world, random.Fork(), nodes);
        _damage = new DiskDamage(world, random.Fork(), nodes);
        _changes = new MembershipFaults(world, random.Fork(), nodes);
        world.IsChanging = () => _changes.IsUnderWay;
        foreach (var kind in FaultSet.Kinds)
            Plan(kind);
    }

    /// <summary>No more harm; what is broken is mended, of these nodes at least (raft-design T7).</summary>
    public void Heal(IReadOnlyCollection<SimulatedNode> healed)
    {
        _world.IsFaulty = false;
        _world.Network.IsFaulty = false;
        _world.Network.Heal();
        foreach (var node in _nodes)
        {
            node.Resume();
            DiskFaults.Mend(node);
            if (healed.Contains(node))
                Mend(node);
            else
                LeaveBroken(node);
        }

        var ids = string.Join(' ', healed.Select(n => n.Id));
        _world.Tell(healed.Count == _nodes.Count ? "all faults heal" : $"the faults of nodes {ids} heal");
    }

    /// <summary>From now on administrators put right what is left to do.</summary>
    public void Repair() => _changes.Repair();

    private static void Mend(SimulatedNode node)
    {
        node.StaysDown = false;
        node.Start();
    }

    // Down, or cut off from everybody.
    private void LeaveBroken(SimulatedNode node)
    {
        if (_random.Chance(0.5))
        {
            node.StaysDown = true;
            node.Kill();
            return;
        }

        foreach (var other in _nodes.Where(n => n != node))
        {
            _world.Network.Cut(node.Id, other.Id);
            _world.Network.Cut(other.Id, node.Id);
        }
    }

    private void Plan(FaultKind kind)
    {
        // Drawn for every kind, so that a kind taken away leaves the others as they were.
        var random = _random.Fork();
        if (_world.Shape.Has(kind))
            Plan(kind, random);
    }

    private void Plan(FaultKind kind, SeededRandom random)
    {
        var wait = _world.Shape.Every(kind) * (0.3 + (1.4 * random.Fraction()));
        _world.Events.After((long)wait, () =>
        {
            if (!_world.IsFaulty)
                return;

            Strike(kind, random);
            Plan(kind, random);
        });
    }

    private void Strike(FaultKind kind, SeededRandom random)
    {
        switch (kind)
        {
            case FaultKind.Kills:
                Each(random, node => node.Kill());
                break;
            case FaultKind.PowerLoss:
                Each(random, node => node.LosePower());
                break;
            case FaultKind.CrashesInWrites:
                CrashInWrites(random);
                break;
            case FaultKind.Stops:
                Each(random, node => node.Stop());
                break;
            case FaultKind.Partitions when _nodes.Count > 1:
                _wire.Partition(PickNode(random));
                break;
            case FaultKind.Clogging when _nodes.Count > 1:
                _wire.Clog(PickNode(random));
                break;
            case FaultKind.FlushErrors:
                _disks.FailFlush(PickNode(random));
                break;
            case FaultKind.ReadErrors:
                _disks.FailReads(PickNode(random));
                break;
            case FaultKind.FullDisks:
                _disks.Fill(PickNode(random));
                break;
            case FaultKind.Damage:
                _damage.Strike(PickNode(random));
                break;
            case FaultKind.Changes:
                _changes.Strike();
                break;
            case FaultKind.Pauses:
                Pause(random);
                break;
            case FaultKind.SlowCpu:
                PickNode(random).SlowDown(random.Between(100, 2_000) * 1_000L, random.Between(1, 100) * 1_000);
                break;
            case FaultKind.ClockJumps:
                JumpClock(PickNode(random), random);
                break;
            case FaultKind.Transfers:
                Transfer(random);
                break;
            case FaultKind.Silence:
                Silence(random);
                break;
            default:
                break; // The network and the disks do these by themselves.
        }
    }

    // Sometimes all at once: what was acknowledged must be on the disks.
    private void Each(SeededRandom random, Action<SimulatedNode> harm)
    {
        var victims = random.Chance(0.1) ? _nodes : [PickNode(random)];
        foreach (var victim in victims)
            harm(victim);
    }

    private void CrashInWrites(SeededRandom random)
    {
        if (random.Chance(0.7))
            Each(random, node => node.LosePowerAt(random.Between(1, 60)));
        else
            PickNode(random).KillAt(random.Between(1, 30));
    }

    // A paused leader that nobody can tell of its successor, when it wakes, believes in its office for another while,
    // and so do its clients (raft-design E14, Q3).
    private void Pause(SeededRandom random)
    {
        var victim = PickNode(random);
        var time = random.Between(20, random.Chance(0.3) ? 5_000 : 1_500) * 1_000L;
        victim.Pause(time);
        if (_nodes.Count > 1 && random.Chance(0.3))
            _wire.Isolate(victim, time + (random.Between(100, 1_000) * 1_000L));
    }

    private void JumpClock(SimulatedNode node, SeededRandom random)
    {
        node.Clock.WallOffset = TimeSpan.FromSeconds(random.Between(-7_200, 7_200));
        _world.Tell($"node {node.Id}'s wall clock jumps to {node.Clock.WallOffset}");
    }

    private void Transfer(SeededRandom random)
    {
        var to = random.Chance(0.5) ? random.Pick(_nodes).Id : (int?)null;
        if (_nodes.FirstOrDefault(n => n.IsLeader) is not { } leader || leader.Id == to)
            return;

        _world.Counters.CountTransfer();
        leader.TransferLeadership(to);
    }

    private void Silence(SeededRandom random)
    {
        var client = random.Pick(_clients);
        switch (random.Below(4))
        {
            case 0:
                client.FallSilent(random.Between(500, 7_000) * 1_000L);
                break;
            case 1:
                client.Abandon();
                break;
            default:
                client.Vanish(random.Between(50, 110));
                break;
        }
    }

    // The leader is hit most often: that is where it hurts.
    private SimulatedNode PickNode(SeededRandom random)
    {
        var leader = _nodes.FirstOrDefault(n => n.IsLeader);
        return leader is not null && random.Chance(0.4) ? leader : random.Pick(_nodes);
    }
}
