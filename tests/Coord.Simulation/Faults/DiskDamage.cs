using Coord.Raft;
using Coord.Simulation.Disk;
using Coord.Simulation.Nodes;

namespace Coord.Simulation.Faults;

/// <summary>
/// Disks that lose or change what was durable: flipped bits, misdirected writes, files that are gone (raft-design T6).
/// Never on so many nodes that the last good copy of an entry could be among it.
/// </summary>
internal sealed class DiskDamage(SimulatedWorld world, SeededRandom random, IReadOnlyList<SimulatedNode> nodes)
{
    private const string LogFolder = "/data/log/";
    private const string SnapshotFolder = "/data/snapshots/";
    private const string StartsFile = "/data/starts";
    private const string SegmentSuffix = ".seg";

    /// <summary>Does harm to the node's disk, if the others still hold everything (raft-design T6, P30).</summary>
    public void Strike(SimulatedNode victim)
    {
        if (victim.IsDamaged || !MayLose(victim))
            return;

        var kind = random.Below(8);
        if (kind < 3)
            ChangeSealed(victim);
        else
            LoseWithPower(victim, kind);
    }

    /// <summary>
    /// At most a minority of the voters loses any entry: with more, loss is the right answer. A learner counts with
    /// them, for it may be made one at any moment.
    /// </summary>
    public bool MayLose(SimulatedNode victim)
    {
        if (world.IsChanging() || world.Membership() is not { } membership)
            return false;

        int[] itself = membership.Contains(new NodeId(victim.Id)) ? [victim.Id] : [];
        var electors = membership.Voters.Select(v => v.Value).Union(itself).ToArray();
        var lost = nodes.Count(n => electors.Contains(n.Id) && MayLack(n));
        return lost + itself.Length <= (electors.Length - 1) / 2;
    }

    // What is down may have ended to begin again as recovering: it counts until it says that it has recovered.
    private static bool MayLack(SimulatedNode node) =>
        node.IsDamaged || node.Status is { IsRecovering: true } || (node.WasDamaged && node.Status is null);

    // The node runs on, or is down: it finds out when it reads.
    private void ChangeSealed(SimulatedNode victim)
    {
        var segments = Files(victim, LogFolder, SegmentSuffix);
        var candidates = segments.SkipLast(1).Concat(Files(victim, SnapshotFolder, "")).ToArray();
        if (candidates.Length > 0)
            Change(victim, random.Pick(candidates));
    }

    private void LoseWithPower(SimulatedNode victim, int kind)
    {
        victim.TurnOff();
        var segments = Files(victim, LogFolder, SegmentSuffix);
        switch (kind)
        {
            case 3 or 4 when segments.Length > 0:
                Change(victim, random.Pick(segments));
                break;
            case 5 when segments.Length > 0:
                Lose(victim, [random.Pick(segments)]);
                break;
            case 6:
                Lose(victim, segments);
                break;
            case 7:
                Lose(victim, random.Chance(0.5) ? Files(victim, SnapshotFolder, "") : [StartsFile]);
                break;
            default:
                break;
        }
    }

    private void Change(SimulatedNode victim, string path)
    {
        var written = victim.Disk.ReadAll(path).AsSpan().TrimEnd((byte)0).Length;
        if (written == 0)
            return;

        var offset = random.Below(written);
        if (random.Chance(0.8))
        {
            victim.Disk.FlipBit(path, offset, random.Below(8));
            world.Tell($"node {victim.Id}: a bit flips in {path} at {offset}");
        }
        else
        {
            victim.Disk.Misdirect(path, offset, random.Below(written));
            world.Tell($"node {victim.Id}: a write meant for elsewhere hits {path} at {offset}");
        }

        victim.Damaged();
    }

    private void Lose(SimulatedNode victim, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            victim.Disk.Remove(path);
            world.Tell($"node {victim.Id}: {path} is lost");
            victim.Damaged();
        }
    }

    private static string[] Files(SimulatedNode node, string folder, string suffix) =>
        [.. node.Disk.Paths.Where(p => p.StartsWith(folder, StringComparison.Ordinal)
            && p.EndsWith(suffix, StringComparison.Ordinal))];
}
