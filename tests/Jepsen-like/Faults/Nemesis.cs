namespace Coord.JepsenLike.Faults;

/// <summary>
/// Hurts the cluster again and again, drawn from a seed, and heals it each time: after every fault all nodes must serve
/// again before the next one.
/// </summary>
internal sealed class Nemesis(LocalCluster cluster, int seed, Action<string> tell)
{
    private static readonly FaultKind[] Draw =
    [
        FaultKind.KillLeader, FaultKind.KillLeader, FaultKind.KillLeader, FaultKind.KillFollower,
        FaultKind.KillFollower, FaultKind.PauseLeader, FaultKind.PauseLeader, FaultKind.PauseFollower,
        FaultKind.KillMajority, FaultKind.PauseMajority, FaultKind.KillAll, FaultKind.PauseLeaderKillNext,
    ];

    private readonly Random random = new(seed);

    /// <summary>How often each kind was done.</summary>
    public SortedDictionary<FaultKind, int> Done { get; } = [];

    public int Count => Done.Values.Sum();

    /// <summary>Goes on until told to stop; when it returns, everything is healed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await CalmAsync(TimeSpan.FromMilliseconds(random.Next(300, 1500)), stop))
        {
            var kind = Draw[random.Next(Draw.Length)];
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
            _ => PauseAndKillNextAsync(leader, stop),
        });
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
