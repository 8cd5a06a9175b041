using System.Diagnostics;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>What is held in the links between nodes is held from the nodes themselves.</summary>
[Collection(ClusterCollection.Name)]
public sealed class LinkFaultTests
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    [Fact(Timeout = 180_000)]
    public async Task A_leader_whose_links_are_cut_is_followed_by_another_also_when_members_have_changed()
    {
        await using var faults = await ClusterFaults.StartAsync(ClusterNeeds.Proxies | ClusterNeeds.SuperUser);
        await IsolateLeaderAsync(faults.Cluster);
        await faults.RunAsync("remove-follower");
        await IsolateLeaderAsync(faults.Cluster);
    }

    private static async Task IsolateLeaderAsync(LocalCluster cluster)
    {
        var leader = await cluster.WaitUntilServingAsync();
        cluster.Network!.Isolate(leader);
        var others = cluster.Nodes.Where((_, i) => i + 1 != leader).ToArray();
        var clock = Stopwatch.StartNew();
        while (!(await Task.WhenAll(others.Select(FourLetterWord.ModeAsync))).Contains("leader"))
        {
            Assert.True(clock.Elapsed < ClusterFaults.Patience, $"node {leader} is cut off and nobody else leads");
            await Task.Delay(PollInterval);
        }

        cluster.Network.Heal();
        await cluster.WaitUntilServingAsync();
    }
}
