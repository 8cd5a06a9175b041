using Coord.Node.Clients;

namespace Coord.Simulation.Nodes;

/// <summary>What is flushed is taken up for sending a little later, in order.</summary>
internal sealed class SimulatedSends(SimulatedWorld world, SimulatedNode node) : IClientSends
{
    private const long Wait = 150;
    private readonly int _life = node.Life;

    public void Mark() =>
        world.Events.After(Wait, () => node.Run(_life, () => node.Post(new SendsTaken())));
}
