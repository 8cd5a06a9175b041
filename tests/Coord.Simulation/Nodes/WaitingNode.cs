using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Simulation.Nodes;

/// <summary>
/// A process on an empty data directory: it introduces itself to everybody once a second, and waits until the members
/// list it (raft-design M9, M14, M15). What is said and concluded is the product's, the connections are not there.
/// </summary>
internal sealed class WaitingNode
{
    private const int Interval = 1_000_000;

    private readonly SimulatedWorld _world;
    private readonly SimulatedNode _node;
    private readonly SeededRandom _random;
    private readonly GenesisExchange _exchange;
    private readonly Action<Genesis> _found;
    private readonly int _life;

    public WaitingNode(SimulatedWorld world, SimulatedNode node, SeededRandom random, Action<Genesis> found)
    {
        _world = world;
        _node = node;
        _random = random;
        _found = found;
        _life = node.Life;
        _exchange = new GenesisExchange(
            SimulatedNode.MemberOf(node.Id, node.Incarnation),
            SimulatedNode.ClusterName,
            world.Nodes.Select(n => new NodeId(n.Id)));
        Plan(random.Below(Interval / 10));
    }

    private void Plan(int wait) => _world.Events.After(wait, () => _node.Run(_life, Introduce));

    private void Introduce()
    {
        foreach (var other in _world.Nodes)
        {
            if (other.Id != _node.Id && other.IsRunning && !other.IsPaused && IsOpen(other.Id))
                Greet(other);
        }

        // Asked with a stop that has come already: it does not wait.
        if (_exchange.Wait(new CancellationToken(canceled: true)) is { } genesis)
            _found(genesis);
        else
            Plan(_random.Between(Interval, Interval + (Interval / 10)));
    }

    private bool IsOpen(int other) =>
        _world.Network.CanPass(_node.Id, other) && _world.Network.CanPass(other, _node.Id);

    private void Greet(SimulatedNode other)
    {
        var mine = _node.Greet(other.Id, PeerChannel.Introduction);
        var theirs = other.Greet(_node.Id, PeerChannel.Introduction);
        var verdict = HandshakeRules.Check(theirs, mine);
        if (verdict is PeerVerdict.NotAMember or PeerVerdict.Incarnation)
            other.Post(new NodeIntroduced(mine.Self));

        if (HandshakeRules.IsGenuine(HandshakeRules.Check(mine, theirs)))
            _exchange.Learn(mine, theirs);
    }
}
