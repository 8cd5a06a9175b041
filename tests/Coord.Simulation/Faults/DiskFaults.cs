using Coord.Simulation.Disk;
using Coord.Simulation.Nodes;

namespace Coord.Simulation.Faults;

/// <summary>Harm to disks that a process notices: flushes and reads that fail, and no room (raft-design T6).</summary>
internal sealed class DiskFaults(SimulatedWorld world, SeededRandom random, IReadOnlyList<SimulatedNode> nodes)
{
    /// <summary>One of the next flushes fails; the pages count as clean all the same (raft-design P3).</summary>
    public void FailFlush(SimulatedNode victim)
    {
        var flushes = random.Between(1, 30);
        victim.Disk.FailFlushAt = victim.Disk.Flushes + flushes;
        world.Tell($"node {victim.Id}: the flush after {flushes - 1} others will fail");
    }

    /// <summary>Files of one folder cannot be read for a while.</summary>
    public void FailReads(SimulatedNode victim)
    {
        var folder = random.Chance(0.5) ? "/log/" : "/snapshots/";
        victim.Disk.IsUnreadable = path => path.Contains(folder, StringComparison.Ordinal);
        world.Tell($"node {victim.Id}: {folder} cannot be read");
        world.Events.After(random.Between(10, 1_000) * 1_000L, () => victim.Disk.IsUnreadable = _ => false);
    }

    /// <summary>No room for a while: on one node, or on all.</summary>
    public void Fill(SimulatedNode victim)
    {
        var victims = random.Chance(0.2) ? nodes : [victim];
        var duration = random.Between(100, 4_000) * 1_000L;
        foreach (var node in victims)
        {
            node.Disk.CapacityBytes = node.Disk.UsedBytes + random.Below(40_000);
            world.Tell($"node {node.Id}'s disk is full for {duration / 1000} ms");
            world.Events.After(duration, () => node.Disk.CapacityBytes = long.MaxValue);
        }
    }

    /// <summary>From now on the disk does what it is asked.</summary>
    public static void Mend(SimulatedNode node)
    {
        node.Disk.FailFlushAt = long.MaxValue;
        node.Disk.IsUnreadable = _ => false;
        node.Disk.CapacityBytes = long.MaxValue;
        node.Disk.CrashAtOperation = long.MaxValue;
    }
}
