using BenchmarkDotNet.Attributes;
using Coord.Client.Testing;

namespace Coord.Benchmarks;

/// <summary>
/// What a test pays for a cluster of its own: from the start of its nodes to the first write of a client, and the end.
/// </summary>
public class TestClusterBenchmarks
{
    [Benchmark]
    public int OneNode() => RunAsync(nodes: 1).GetAwaiter().GetResult();

    [Benchmark]
    public int ThreeNodes() => RunAsync(nodes: 3).GetAwaiter().GetResult();

    [Benchmark]
    public int InMemoryClient() => RunInMemoryAsync().GetAwaiter().GetResult();

    private static async Task<int> RunAsync(int nodes)
    {
        await using var cluster = await CoordTestCluster.StartAsync(nodes);
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/a");
        return cluster.Nodes.Count;
    }

    private static async Task<int> RunInMemoryAsync()
    {
        await using var coord = await InMemoryCoordClient.StartAsync();
        return (await coord.CreateAsync("/a")).Path.Length;
    }
}
