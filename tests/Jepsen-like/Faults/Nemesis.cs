namespace Coord.JepsenLike.Faults;

/// <summary>
/// Hurts the cluster again and again, drawn from a seed, and heals it each time: after every fault all nodes must serve
/// again before the next one.
/// </summary>
internal sealed class Nemesis(LocalCluster cluster, int seed, Action<string> tell)
{
    private static readonly FaultKind[] ProcessFaults =
    [
        FaultKind.KillLeader, FaultKind.KillLeader, FaultKind.KillLeader, FaultKind.KillFollower,
        FaultKind.KillFollower, FaultKind.PauseLeader, FaultKind.PauseLeader, FaultKind.PauseFollower,
        FaultKind.KillMajority, FaultKind.PauseMajority, FaultKind.KillAll, FaultKind.PauseLeaderKillNext,
    ];

    private static readonly FaultKind[] NetworkFaults =
    [
        FaultKind.IsolateLeader, FaultKind.IsolateLeader, FaultKind.IsolateFollower, FaultKind.SeparateAll,
        FaultKind.MuteLeader, FaultKind.DeafenLeader, FaultKind.CutLink, FaultKind.FlapLeader,
    ];

    private static readonly TimeSpan FlapInterval = TimeSpan.FromMilliseconds(60);

    private readonly FaultKind[] draw = cluster.Network is null ? ProcessFaults : [.. ProcessFaults, .. NetworkFaults];
    private readonly Random random = new(seed);

    /// <summary>How often each kind was done.</summary>
    public SortedDictionary<FaultKind, int> Done { get; } = [];

    public int Count => Done.Values.Sum();

    /// <summary>Goes on until told to stop; when it returns, everything is healed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await CalmAsync(TimeSpan.FromMilliseconds(random.Next(300, 1500)), stop))
        {
            var kind = draw[random.Next(draw.Length)];
            var leader = await cluster.LeaderAsync() ?? random.Next(1, cluster.Nodes.Count + 1);
            tell($"{kind} (leader is node {leader})");
            Done[kind] = Done.GetValueOrDefault(kind) + 1;
            await HurtAsync(kind, leader, stop);
            await cluster.WaitUntilServingAsync();
        }
    }

    private async Task HurtAsync(FaultKind kind, int leader, CancellationToken stop)
    {
        var all = Enumerable.Range(1, cluster.Nodes.Count).ToArray();
        var others = all.Where(node => node != leader).ToArray();
        var follower = others[random.Next(others.Length)];
        var survivor = all[random.Next(all.Length)];
        var allButOne = all.Where(node => node != survivor).ToArray();
        await (kind switch
        {
            FaultKind.KillLeader => KillAsync([leader], stop),
            FaultKind.KillFollower => KillAsync([follower], stop),
            FaultKind.KillMajority => KillAsync(allButOne, stop),
            FaultKind.KillAll => KillAsync(all, stop),
            FaultKind.PauseLeader => PauseAsync([leader], stop),
            FaultKind.PauseFollower => PauseAsync([follower], stop),
            FaultKind.PauseMajority => PauseAsync(allButOne, stop),
            FaultKind.PauseLeaderKillNext => PauseAndKillNextAsync(leader, stop),
            FaultKind.FlapLeader => FlapAsync(Network, leader, stop),
            _ => PartitionAsync(Network, kind, leader, follower, stop),
        });
    }

    private PeerNetwork Network => cluster.Network ?? throw new InvalidOperationException("no proxies");

    /// <summary>Half of the time connections are reset as well, so that what is held is lost and not late.</summary>
    private async Task PartitionAsync(
        PeerNetwork network, FaultKind kind, int leader, int follower, CancellationToken stop)
    {
        switch (kind)
        {
            case FaultKind.IsolateLeader:
                network.Isolate(leader);
                break;
            case FaultKind.IsolateFollower:
                network.Isolate(follower);
                break;
            case FaultKind.SeparateAll:
                network.Isolate(leader);
                network.Isolate(follower);
                break;
            case FaultKind.MuteLeader:
                network.Mute(leader);
                break;
            case FaultKind.DeafenLeader:
                network.Deafen(leader);
                break;
            default:
                network.Cut(leader, follower);
                break;
        }

        if (random.Next(2) == 0)
            network.ResetConnections(kind == FaultKind.IsolateFollower ? follower : leader);
        await CalmAsync(TimeSpan.FromMilliseconds(random.Next(200, 3500)), stop);
        network.Heal();
    }

    private static async Task FlapAsync(PeerNetwork network, int leader, CancellationToken stop)
    {
        for (var i = 0; i < 20; i++)
        {
            network.Isolate(leader);
            await CalmAsync(FlapInterval, stop);
            network.Heal();
            await CalmAsync(FlapInterval, stop);
        }
    }

    private async Task KillAsync(int[] nodes, CancellationToken stop)
    {
        await Task.WhenAll(nodes.Select(cluster.KillAsync));
        await CalmAsync(TimeSpan.FromMilliseconds(random.Next(50, 2000)), stop);
        await Task.WhenAll(nodes.Select(cluster.RestartAsync));
    }

    /// <summary>From a hiccup to well past an election and a client's patience.</summary>
    private async Task PauseAsync(int[] nodes, CancellationToken stop)
    {
        int[] durations = [250, 700, 1500, 3500];
        await Task.WhenAll(nodes.Select(cluster.PauseAsync));
        await CalmAsync(TimeSpan.FromMilliseconds(durations[random.Next(durations.Length)]), stop);
        await Task.WhenAll(nodes.Select(cluster.ResumeAsync));
    }

    private async Task PauseAndKillNextAsync(int leader, CancellationToken stop)
    {
        await cluster.PauseAsync(leader);
        await CalmAsync(TimeSpan.FromMilliseconds(random.Next(800, 2500)), stop);
        var next = await cluster.LeaderAsync() ?? (leader % cluster.Nodes.Count) + 1;
        await cluster.KillAsync(next);
        await CalmAsync(TimeSpan.FromMilliseconds(random.Next(50, 800)), stop);
        await cluster.ResumeAsync(leader);
        await CalmAsync(TimeSpan.FromMilliseconds(random.Next(50, 800)), stop);
        await cluster.RestartAsync(next);
    }

    /// <summary>False when it is time to stop.</summary>
    private static async Task<bool> CalmAsync(TimeSpan time, CancellationToken stop)
    {
        await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
