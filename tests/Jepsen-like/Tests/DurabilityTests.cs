using System.Net;
using System.Text.Json;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Every node dies at once, in the middle of writing, several times over.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DurabilityTests(ITestOutputHelper output)
{
    private const int Writers = 8;
    private const int Rounds = 3;

    private static readonly TimeSpan WritingTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Raft thesis 3.8: what was acknowledged was on a majority's disks first, so no crash can take it back.
    [Fact(Timeout = 300_000)]
    public async Task Acknowledged_writes_survive_the_death_of_all_nodes_and_digests_are_equal()
    {
        await using var cluster = await LocalCluster.StartAsync(Launcher.Default());
        await CreateRootAsync(cluster);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(n => new JournalWriter(cluster, n)).ToArray();
        var work = writers.Select(writer => Task.Run(() => writer.RunAsync(stop.Token))).ToArray();
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await Task.Delay(WritingTime);
                await KillAllAndRestartAsync(cluster);
            }

            await Task.Delay(WritingTime);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(work);
        }

        await KillAllAndRestartAsync(cluster);
        var acknowledged = writers.SelectMany(w => w.Acknowledged).ToArray();
        var missing = await MissingAsync(cluster, acknowledged);
        output.WriteLine($"acknowledged={acknowledged.Length} missing={missing.Count} rounds={Rounds + 1}");
        Assert.NotEmpty(acknowledged);
        Assert.Empty(missing);
        await AssertEqualDigestsAsync(cluster);
    }

    private static async Task CreateRootAsync(LocalCluster cluster)
    {
        using var session = await ConnectAsync(cluster, node: 1);
        Assert.Equal(0, (await session.CreateAsync(JournalWriter.Root, [])).Error);
        await session.CloseAsync();
    }

    private static async Task KillAllAndRestartAsync(LocalCluster cluster)
    {
        var all = Enumerable.Range(1, cluster.Nodes.Count).ToArray();
        await Task.WhenAll(all.Select(cluster.KillAsync));
        await Task.WhenAll(all.Select(cluster.RestartAsync));
        await cluster.WaitUntilServingAsync();
    }

    /// <summary>What some node does not have.</summary>
    private static async Task<List<string>> MissingAsync(LocalCluster cluster, string[] paths)
    {
        var nodes = Enumerable.Range(1, cluster.Nodes.Count);
        return [.. (await Task.WhenAll(nodes.Select(node => MissingAtAsync(cluster, node, paths)))).SelectMany(m => m)];
    }

    private static async Task<List<string>> MissingAtAsync(LocalCluster cluster, int node, string[] paths)
    {
        var missing = new List<string>();
        using var session = await ConnectAsync(cluster, node);
        await session.SyncAndGetDataAsync(JournalWriter.Root);
        foreach (var path in paths)
        {
            var reply = await session.ExistsAsync(path);
            if (reply.Error != 0)
                missing.Add($"node {node}: {path} error {reply.Error}");
        }

        await session.CloseAsync();
        return missing;
    }

    private static async Task<SessionClient> ConnectAsync(LocalCluster cluster, int node)
    {
        var session = new SessionClient([cluster.Nodes[node - 1]], firstNode: 1, Patience);
        using var timer = new CancellationTokenSource(Patience);
        await session.ConnectAsync(timer.Token);
        return session;
    }

    /// <summary>The cluster is at rest: as soon as all nodes stand at one index, their digests are one.</summary>
    private static async Task AssertEqualDigestsAsync(LocalCluster cluster)
    {
        using var http = new HttpClient();
        using var timer = new CancellationTokenSource(Patience);
        while (true)
        {
            var states = await Task.WhenAll(cluster.AdminNodes.Select(node => DigestAsync(http, node)));
            if (states.Select(s => s.Index).Distinct().Count() == 1)
            {
                Assert.True(states[0].Index > 0);
                Assert.Single(states.Select(s => s.Digest).Distinct());
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), timer.Token);
        }
    }

    private static async Task<(long Index, string Digest)> DigestAsync(HttpClient http, IPEndPoint admin)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://{admin}/commands/raft")));
        return (json.RootElement.GetProperty("digest_index").GetInt64(),
            json.RootElement.GetProperty("digest").GetString()!);
    }
}
