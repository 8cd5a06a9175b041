namespace Coord.Raft.Tests;


/// <content>What goes wrong: links, processes, disks (raft-design T3, T4, T6).</content>
internal sealed partial class RandomCluster
{
    private void InjectFaults()
    {
        foreach (var down in nodes.Where(node => !node.IsUp && Chance(4)))
            Restart(down);
        if (leases && random.Below(150) == 0)
            Isolate(nodes.LastOrDefault(node => node.IsUp && node.Core.Role == RaftRole.Leader) ?? nodes[0]);
        if (random.Below(1_000) >= faultsPerMille)
            return;

        var node = nodes[random.Below(nodes.Length)];
        switch (random.Below(7))
        {
            case 0 or 1 when node.IsUp:
                Crash(node);
                break;
            case 0 or 1:
                Isolate(node);
                break;
            case 2 or 3:
                cuts.Add((node.Id, nodes[random.Below(nodes.Length)].Id));
                break;
            case 4 or 5:
                Split();
                break;
            default:
                cuts.Clear();
                break;
        }
    }

    // Two sides, of any sizes: while joint, each may hold a majority of one of the two sets.
    private void Split()
    {
        cuts.Clear();
        var side = nodes.ToDictionary(node => node.Id, _ => random.Below(2));
        foreach (var (from, of) in side)
        {
            foreach (var (to, other) in side)
            {
                if (of != other)
                    cuts.Add((from, to));
            }
        }
    }

    private void Crash(TestNode node)
    {
        node.Crash(random.Below(node.UnwrittenCount + 1));
        proposals[node.Id].Clear();
        barriers[node.Id].Clear();
        TraceHash = Hash.Add(TraceHash, (ulong)node.Id.Value);
        var told = random.Below(2) == 0;
        foreach (var other in nodes)
        {
            if (!other.IsUp)
                continue;
            other.Step(new PeerUnreachable(node.Id));
            if (told)
                other.Step(new PeerGone(node.Id));
        }
    }

    private void Restart(TestNode node)
    {
        if (losses && Chance(50) && MayLose(node.Id))
            Lose(node.Disk);
        clocks[node.Id].TakeElapsed(now);
        node.Restart(random.Below(2) == 0 ? int.MaxValue : random.Below(4));
        Link(node);
    }

    // Raft-design P31: the loss of a majority, of any membership that may decide, is not to be healed.
    private bool MayLose(NodeId id)
    {
        NodeId[] recovering = [.. RecoveringNodes(), id];
        return oracle.OpenMemberships(genesis).All(membership =>
            IsSoundWithout(membership.Voters, recovering) && IsSoundWithout(membership.OutgoingVoters, recovering));
    }

    private NodeId[] RecoveringNodes() => [.. nodes.Where(node => node.Disk.IsRecovering).Select(node => node.Id)];

    private static bool IsSoundWithout(IReadOnlyList<NodeId> voters, NodeId[] recovering) =>
        voters.Intersect(recovering).Count() <= (voters.Count - 1) / 2;

    // The end of the log, and the vote or even the term: at most at a minority (raft-design P30, T6).
    private void Lose(TestDisk disk)
    {
        var lowest = LogIndex.Max(disk.FirstIndex.Previous, disk.Snapshot.Index);
        var last = lowest + random.Below((int)(disk.LastIndex - lowest) + 1);
        var term = last < disk.FirstIndex ? disk.Snapshot.Term : disk.EntryAt(last).Term;
        term = new Term(term.Value + random.Below((int)(disk.HardState.Term.Value - term.Value) + 1));
        disk.Lose(last, new HardState(term, null));
        Losses++;
    }

    // A handshake each way; what was on its way over older links is gone with them (raft-design I4).
    private void Link(TestNode node)
    {
        if (node.Disk.HasLost)
            network.RemoveAll(packet => packet.From == node.Id || packet.To == node.Id);
        foreach (var other in nodes)
        {
            if (!other.IsUp || other == node)
                continue;
            other.Step(new PeerConnected(node.Id, node.ProcessStart, null, node.Disk.IsRecovering));
            node.Step(new PeerConnected(other.Id, other.ProcessStart, other.Core.Leader, other.Disk.IsRecovering));
        }
    }

    private void Isolate(TestNode node)
    {
        cuts.Clear();
        foreach (var other in nodes)
        {
            cuts.Add((node.Id, other.Id));
            cuts.Add((other.Id, node.Id));
        }
    }

    private void Heal()
    {
        cuts.Clear();
        foreach (var node in nodes)
        {
            if (!node.IsUp)
                Restart(node);
            node.Step(new DiskLate(0));
            node.Step(new DiskFull(false));
        }
    }
}
