using Coord.Simulation.Clients;
using Coord.Simulation.Disk;
using Coord.Simulation.Nodes;

namespace Coord.Simulation.Faults;

/// <summary>
/// Does harm: crashes with and without loss of power, cuts of every kind, pauses, jumps of the wall clock
/// (raft-design T3 to T5). Each kind has a rhythm of its own, drawn with the run's shape.
/// </summary>
internal sealed class Nemesis
{
    private readonly SimulatedWorld _world;
    private readonly SeededRandom _random;
    private readonly IReadOnlyList<SimulatedNode> _nodes;
    private bool _isOver;

    public Nemesis(
        SimulatedWorld world,
        SeededRandom random,
        IReadOnlyList<SimulatedNode> nodes,
        IReadOnlyList<SimulatedClient> clients)
    {
        _world = world;
        _random = random;
        _nodes = nodes;
        Plan(world.Shape.CrashEvery, Crash);
        Plan(nodes.Count > 1 ? world.Shape.PartitionEvery : 0, Partition);
        Plan(world.Shape.PauseEvery, () => PickNode().Pause(_random.Between(20, 1_500) * 1_000L));
        Plan(world.Shape.ClockJumpEvery, JumpClock);
        Plan(world.Shape.SilenceEvery, () => _random.Pick(clients).FallSilent(_random.Between(500, 7_000) * 1_000L));
    }

    /// <summary>No more harm; what is broken is mended: every node runs, every link passes.</summary>
    public void Heal()
    {
        _isOver = true;
        _world.IsFaulty = false;
        _world.Network.IsFaulty = false;
        _world.Network.Heal();
        foreach (var node in _nodes)
        {
            node.Resume();
            if (!node.IsRunning)
                node.Start();
        }

        _world.Trace.Say(_world.Events.Now, "all faults heal");
    }

    private void Plan(long every, Action act)
    {
        if (every == 0)
            return;

        _world.Events.After((long)(every * (0.3 + (1.4 * _random.Fraction()))), () =>
        {
            if (_isOver)
                return;

            act();
            Plan(every, act);
        });
    }

    private void Crash()
    {
        // Sometimes all at once: what was acknowledged must be on the disks.
        var victims = _random.Chance(0.1) ? _nodes.ToArray() : [PickNode()];
        var isPowerLost = _random.Chance(0.6);
        foreach (var victim in victims)
        {
            if (!victim.IsRunning)
                continue;

            victim.Crash(isPowerLost);
            _world.Events.After(_random.Between(10, 3_000) * 1_000L, () =>
            {
                if (!victim.IsRunning)
                    victim.Start();
            });
        }
    }

    private void Partition()
    {
        var network = _world.Network;
        network.Heal();
        var victim = PickNode().Id;
        var others = _nodes.Select(n => n.Id).Where(id => id != victim).ToArray();
        switch (_random.Below(5))
        {
            case 0:
                CutEach(others.Select(o => (victim, o)));
                Tell($"node {victim} is not heard");
                break;
            case 1:
                CutEach(others.Select(o => (o, victim)));
                Tell($"node {victim} hears nothing");
                break;
            case 2:
                var other = _random.Pick(others);
                CutEach([(victim, other), (other, victim)]);
                Tell($"nodes {victim} and {other} are cut");
                break;
            default:
                CutEach(others.SelectMany(o => new[] { (victim, o), (o, victim) }));
                Tell($"node {victim} is cut off");
                break;
        }

        _world.Events.After(_random.Between(50, 3_000) * 1_000L, network.Heal);
    }

    private void CutEach(IEnumerable<(int From, int To)> directions)
    {
        foreach (var (from, to) in directions)
            _world.Network.Cut(from, to);
    }

    private void JumpClock()
    {
        var node = PickNode();
        node.Clock.WallOffset = TimeSpan.FromSeconds(_random.Between(-7_200, 7_200));
        Tell($"node {node.Id}'s wall clock jumps to {node.Clock.WallOffset}");
    }

    private void Tell(string line) => _world.Trace.Say(_world.Events.Now, line);

    // The leader is hit most often: that is where it hurts.
    private SimulatedNode PickNode()
    {
        var leader = _nodes.FirstOrDefault(n => n.Status?.Role == Coord.Raft.RaftRole.Leader);
        return leader is not null && _random.Chance(0.4) ? leader : _random.Pick(_nodes);
    }
}
