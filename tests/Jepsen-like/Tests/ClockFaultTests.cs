using System.Diagnostics;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Clocks that are told to lie do, and only those.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClockFaultTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Much = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    [Fact(Timeout = 180_000)]
    public async Task A_jump_reaches_its_node_and_nobody_else_and_leaves_its_clients_alone()
    {
        await using var faults = await ClusterFaults.StartAsync(ClusterNeeds.Clocks);
        var cluster = faults.Cluster;
        var leader = await cluster.WaitUntilServingAsync();
        foreach (var offset in new[] { Hour, -Hour, TimeSpan.Zero })
        {
            cluster.Clocks[leader - 1].Move(offset);
            await UntilAsync(async () => IsAbout(await OffsetAsync(cluster, leader), offset));
            Assert.True(IsAbout(await OffsetAsync(cluster, (leader % 3) + 1), TimeSpan.Zero));
        }

        await faults.RunAsync("strobe-clock");
        await faults.RunAsync("jump-clocks-all");
        Assert.Equal(leader, await cluster.LeaderAsync());
        await UntilAsync(async () => IsAbout(await OffsetAsync(cluster, leader), TimeSpan.Zero));
    }

    // A session of four seconds on a clock that goes ten times as fast; no clock of this process is asked.
    [Fact(Timeout = 180_000)]
    public async Task A_rate_is_that_of_the_monotonic_clock_too_and_gone_after_the_next_start()
    {
        await using var cluster = await LocalCluster.StartAsync(Launcher.Default(), nodes: 1, ClusterNeeds.Clocks);
        cluster.Clocks[0].Rate = 10;
        await RestartAsync(cluster);
        Assert.True(await ExpiryAsync(cluster) < TimeSpan.FromSeconds(3.5));
        cluster.Clocks[0].Rate = 1;
        await RestartAsync(cluster);
        Assert.True(await ExpiryAsync(cluster) >= TimeSpan.FromSeconds(4));
    }

    [Fact(Timeout = 180_000)]
    public async Task Nodes_whose_clocks_drift_serve_and_nothing_is_left_behind_them()
    {
        List<int> pids = [];
        await using (var faults = await ClusterFaults.StartAsync(ClusterNeeds.Clocks))
        {
            pids.AddRange(faults.Cluster.Nodes.Select((_, i) => faults.Cluster.PidOf(i + 1)));
            Assert.All(pids, pid => Assert.True(File.Exists($"/dev/shm/faketime_shm_{pid}")));
            await faults.RunAsync("drift-leader");
            pids.AddRange(faults.Cluster.Nodes.Select((_, i) => faults.Cluster.PidOf(i + 1)));
        }

        Assert.All(pids, pid => Assert.False(File.Exists($"/dev/shm/faketime_shm_{pid}")));
    }

    private static async Task RestartAsync(LocalCluster cluster)
    {
        await cluster.KillAsync(1);
        await cluster.RestartAsync(1);
        await cluster.WaitUntilServingAsync();
    }

    /// <summary>How long the session of a client lasts that went away without a word.</summary>
    private static async Task<TimeSpan> ExpiryAsync(LocalCluster cluster)
    {
        using var session = new SessionClient(cluster.Nodes, firstNode: 1, TimeSpan.FromSeconds(5), timeoutMs: 4_000);
        Assert.True(await session.TryConnectAsync());
        Assert.Equal(4_000, session.GrantedTimeoutMs);
        var lastHeard = Stopwatch.StartNew();
        session.Drop();
        await UntilAsync(async () =>
            await AdminPort.RaftAsync(cluster.AdminNodes[0], CancellationToken.None) is { Sessions: 0 });
        return lastHeard.Elapsed;
    }

    /// <summary>By how much the node's clock is ahead of ours, to a second.</summary>
    private static async Task<TimeSpan> OffsetAsync(LocalCluster cluster, int node)
    {
        var time = await AdminPort.TimeAsync(cluster.AdminNodes[node - 1], CancellationToken.None);
        Assert.NotNull(time);
        return time.Value - DateTimeOffset.UtcNow;
    }

    private static bool IsAbout(TimeSpan offset, TimeSpan expected) => (offset - expected).Duration() < Much;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < ClusterFaults.Patience);
            await Task.Delay(PollInterval);
        }
    }
}
