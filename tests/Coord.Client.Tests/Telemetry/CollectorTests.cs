using Coord.Client.Recipes;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Telemetry;

namespace Coord.Client.Tests;

/// <summary>
/// What a collector gets from OpenTelemetry's own exporter, set up as the sample does it. Names that a library of
/// telemetry drops or changes on the way are of no use to a dashboard.
/// </summary>
public sealed class CollectorTests : IDisposable
{
    private readonly ScriptedCluster cluster = new();
    private readonly CollectorStub collector = new();

    public void Dispose()
    {
        cluster.Dispose();
        collector.Dispose();
    }

    [Fact]
    public async Task A_collector_gets_metrics_and_spans_by_their_names()
    {
        using var metrics = Exporters.ExportMetrics(collector.Address);
        using var traces = Exporters.ExportTraces(collector.Address);
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using (await new DistributedMutex(coord, "/locks/a").AcquireAsync().Soon())
            await new DistributedCounter(coord, "/counters/a").AddAsync(1).Soon();

        Assert.True(metrics.ForceFlush());
        Assert.True(traces.ForceFlush());

        var measured = collector.PostsTo("/v1/metrics")
            .SelectMany(static post => ProtobufFields.Messages(post, 1, 2, 2))
            .Select(static metric => (Name: Text(metric, 1), Unit: Text(metric, 3))).ToHashSet();
        Assert.Superset(
            new HashSet<(string, string)>
            {
                ("coord.client.operation.duration", "s"),
                ("coord.client.in_flight", "{request}"),
                ("coord.client.session.state", "{state}"),
                ("coord.client.session.transitions", "{transition}"),
                ("coord.client.session.deadline.remaining", "s"),
                ("coord.client.sweeper.backlog", "{znode}"),
                ("coord.lock.acquire.duration", "s"),
                ("coord.lock.hold.duration", "s"),
                ("coord.lock.waiters", "{contender}"),
                ("coord.counter.attempts", "{attempt}"),
            },
            measured);
        var spans = collector.PostsTo("/v1/traces")
            .SelectMany(static post => ProtobufFields.Texts(post, 1, 2, 2, 5)).ToHashSet();
        Assert.Superset(
            new HashSet<string> { "coord acquire", "coord create", "coord create attempt", "coord set" }, spans);
        Assert.All(
            collector.PostsTo("/v1/traces").SelectMany(static post => ProtobufFields.Texts(post, 1, 2, 1, 1)),
            static scope => Assert.Equal("Coord.Client", scope));
    }

    private static string Text(byte[] message, int field) => ProtobufFields.Texts(message, field).Single();
}
