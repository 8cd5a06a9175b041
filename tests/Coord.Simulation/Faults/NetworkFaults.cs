using Coord.Simulation.Disk;
using Coord.Simulation.Network;
using Coord.Simulation.Nodes;

namespace Coord.Simulation.Faults;

/// <summary>
/// Harm on the wire: partitions of every pattern, flapping ones, and clogged directions (raft-design T3).
/// </summary>
internal sealed class NetworkFaults(SimulatedWorld world, SeededRandom random, IReadOnlyList<SimulatedNode> nodes)
{
    /// <summary>Cuts directions for a while; sometimes again and again, at the pace of heartbeats.</summary>
    public void Partition(SimulatedNode victim)
    {
        var plan = PartitionPlan.Draw(random, nodes.Select(n => n.Id).ToArray(), victim.Id);
        var end = world.Events.Now + (random.Between(50, random.Chance(0.2) ? 8_000 : 3_000) * 1_000L);
        if (random.Chance(0.2))
        {
            var period = random.Between(20, 300) * 1_000L;
            world.Tell($"{plan.Name}, flapping every {period / 1000} ms");
            Flap(plan, period, end);
            return;
        }

        world.Tell(plan.Name);
        Cut(plan);
        world.Events.At(end, () => Mend(plan));
    }

    /// <summary>Cuts one node off from all others.</summary>
    public void Isolate(SimulatedNode victim, long time)
    {
        var plan = PartitionPlan.Isolate(nodes.Select(n => n.Id).ToArray(), victim.Id);
        world.Tell(plan.Name);
        Cut(plan);
        world.Events.After(time, () => Mend(plan));
    }

    /// <summary>What one node sends, or is sent, waits and arrives all at once.</summary>
    public void Clog(SimulatedNode victim)
    {
        var isOutgoing = random.Chance(0.5);
        var until = world.Events.Now + (random.Between(20, 1_500) * 1_000L);
        world.Tell($"what node {victim.Id} {(isOutgoing ? "sends" : "is sent")} waits until {until / 1000} ms");
        foreach (var other in nodes.Where(n => n != victim))
        {
            if (isOutgoing)
                world.Network.Clog(victim.Id, other.Id, until);
            else
                world.Network.Clog(other.Id, victim.Id, until);
        }
    }

    private void Flap(PartitionPlan plan, long period, long end)
    {
        if (world.Events.Now >= end || !world.IsFaulty)
            return;

        Cut(plan);
        world.Events.After(period, () =>
        {
            Mend(plan);
            world.Events.After(period, () => Flap(plan, period, end));
        });
    }

    private void Cut(PartitionPlan plan)
    {
        foreach (var (from, to) in plan.Cuts)
            world.Network.Cut(from, to);
    }

    private void Mend(PartitionPlan plan)
    {
        // Healing has mended everything already, and may have made cuts of its own.
        if (!world.IsFaulty)
            return;

        foreach (var (from, to) in plan.Cuts)
            world.Network.Mend(from, to);
    }
}
