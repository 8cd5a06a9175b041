using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// kill -9 keeps the page cache, so it cannot show that writes are flushed before they are acknowledged; the system
/// calls of the nodes can (raft-design C6, T9 "no acknowledgement outruns disk").
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class FlushOrderTests(ITestOutputHelper output)
{
    private const int Writes = 1_000;
    private const string Key = "/traced";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory(Timeout = 180_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_reply_leaves_before_its_flush_here_and_on_a_quorum(bool isAtLeader)
    {
        NativeProgram.Require("strace", "strace");
        await using var cluster = await LocalCluster.StartAsync(Launcher.Default());
        var leader = await cluster.WaitUntilServingAsync();
        var answering = isAtLeader ? leader : (leader % cluster.Nodes.Count) + 1;
        using var session = new SessionClient([cluster.Nodes[answering - 1]], firstNode: 1, Patience);
        Assert.True(await session.TryConnectAsync());
        Assert.Equal(0, (await session.CreateAsync(Key, [])).Error);

        var paths = await TraceAsync(cluster, session);
        var requests = FlushOrder.Requests(TracedCall.Read(File.ReadLines(paths[answering - 1])), session.LocalPort,
            Folder(cluster, answering));
        Assert.Equal(Writes, requests.Count);
        var early = requests.Count(request => !request.IsFlushed);
        Assert.True(early == 0, $"{early} of {Writes} replies left before their flush on the node that answers");

        var flushes = paths.Select((path, i) =>
            FlushOrder.Flushes(TracedCall.Read(File.ReadLines(path)), Folder(cluster, i + 1)));
        var counts = QuorumCounts(requests, [.. flushes]);
        output.WriteLine($"writes={Writes} at_leader={isAtLeader} flushed_on_all={counts.Count(c => c == 3)} " +
            $"flushed_on_two={counts.Count(c => c == 2)}");
        Assert.True(counts.Min() >= 2, $"a reply left when {counts.Min()} of 3 nodes had flushed");
    }

    private static async Task<List<string>> TraceAsync(LocalCluster cluster, SessionClient session)
    {
        var traces = new List<SystemCallTrace>();
        try
        {
            for (var node = 1; node <= cluster.Nodes.Count; node++)
            {
                var path = Path.Combine(cluster.Directory, $"trace-{node}");
                traces.Add(await SystemCallTrace.AttachAsync(cluster.PidOf(node), path));
            }

            for (var i = 0; i < Writes; i++)
                Assert.Equal(0, (await session.SetDataAsync(Key, Wire.Datum(i, i), version: -1)).Error);
        }
        finally
        {
            foreach (var trace in traces)
                await trace.DisposeAsync();
        }

        return [.. traces.Select(trace => trace.Path)];
    }

    /// <summary>For each request, on how many nodes a flush began and ended while it was under way.</summary>
    private static List<int> QuorumCounts(List<TracedRequest> requests, List<List<(double Begin, double End)>> nodes) =>
        [.. requests.Select(request => nodes.Count(flushes =>
            flushes.Exists(flush => flush.Begin >= request.Received && flush.End <= request.Replied)))];

    private static string Folder(LocalCluster cluster, int node) => Path.Combine(cluster.Directory, $"{node}");
}
