using Coord.Node.Admin;
using Coord.Node.Admin.Figures;

namespace Coord.Node.Tests.Admin;

/// <summary>
/// <c>/metrics</c>: what Prometheus, ZooKeeper's alert rules and dashboards read (zookeeper-protocol 10.3).
/// </summary>
public sealed class PrometheusTextTests
{
    private readonly TestFacts node = new();

    [Fact]
    public async Task The_page_is_one_that_Prometheus_takes()
    {
        var (code, page, headers) = await new AdminClient(node).AskAsync("/metrics");
        Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8"), (code, headers.ContentType.ToString()));
        Assert.InRange(ExpositionPage.Parse(page).Count, 100, 1_000);
    }

    [Theory]
    [InlineData("a 1\n", "a sample before its TYPE")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na 1", "the page ends without a newline")]
    [InlineData("# TYPE a gauge\na 1\n", "TYPE without its HELP")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na 1\na 2\n", "a sample comes twice")]
    [InlineData("# HELP a A.\n# TYPE a gauge\nb 1\n", "a sample of another metric")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na one\n", "no sample")]
    [InlineData("# HELP a A.\n# TYPE a summary\na{quantile=\"0.5\"} 1\n", "a summary without its sum")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na 1\n# HELP a A.\n# TYPE a gauge\na 1\n", "a metric comes twice")]
    public void A_planted_fault_in_a_page_is_found(string page, string what) => Assert.StartsWith(
        what, Assert.Throws<FormatException>(() => ExpositionPage.Parse(page)).Message, StringComparison.Ordinal);

    /// <summary>ZooKeeper's guide publishes rules that ask for these: where one is missing, no alert rings.</summary>
    [Fact]
    public void Every_name_of_the_documented_alert_rules_is_there()
    {
        var metrics = Read();
        string[] gauges =
        [
            "znode_count", "num_alive_connections", "approximate_data_size", "watch_count",
            "open_file_descriptor_count", "avg_latency", "jvm_memory_bytes_used", "jvm_memory_bytes_max",
        ];
        foreach (var name in gauges)
            Assert.Equal((name, "gauge"), (name, metrics[name].Type));
        foreach (var name in new[] { "election_time", "fsynctime", "snapshottime" })
            Assert.Contains(name + "_sum", metrics[name].Samples.Keys);
        Assert.Contains("election_time_count", metrics["election_time"].Samples.Keys);
    }

    [Fact]
    public void ZooKeepers_figures_have_its_names_and_units()
    {
        node.Metrics.Clients.UpdateLatency.Record(2_500, times: 4);
        node.Metrics.Replica.Flush.Record(TimeSpan.FromMicroseconds(700));
        node.Metrics.Clients.BytesReceived.Add(90);
        var metrics = Read();
        Assert.Equal(2.5, metrics["avg_latency"].Samples["avg_latency"]);
        Assert.Equal(3, metrics["ephemerals_count"].Samples["ephemerals_count"]);
        var updates = metrics["updatelatency"].Samples;
        Assert.Equal(
            ["updatelatency{quantile=\"0.5\"}", "updatelatency{quantile=\"0.9\"}", "updatelatency{quantile=\"0.99\"}",
                "updatelatency_count", "updatelatency_sum"],
            updates.Keys);
        Assert.Equal((4, 10), (updates["updatelatency_count"], updates["updatelatency_sum"]));
        Assert.InRange(updates["updatelatency{quantile=\"0.99\"}"], 2.5, 2.66);
        Assert.Equal(
            ["fsynctime{quantile=\"0.5\"}", "fsynctime_count", "fsynctime_sum"], metrics["fsynctime"].Samples.Keys);
        Assert.Equal(0.7, metrics["fsynctime"].Samples["fsynctime_sum"]);
        Assert.Equal(("counter", 90), (metrics["bytes_received_count"].Type,
            metrics["bytes_received_count"].Samples["bytes_received_count"]));
        Assert.Equal(1, metrics["synced_followers"].Samples["synced_followers"]);
    }

    /// <summary>A counter that falls looks like a restart: <c>srst</c> is for words only.</summary>
    [Fact]
    public void Counters_and_sums_survive_a_reset()
    {
        node.Metrics.Clients.BytesReceived.Add(90);
        node.Metrics.Replica.Flush.Record(1_000);
        node.Metrics.Reset();
        var metrics = Read();
        Assert.Equal(90, metrics["bytes_received_count"].Samples["bytes_received_count"]);
        Assert.Equal(1, metrics["fsynctime"].Samples["fsynctime_sum"]);
        Assert.Equal(double.NaN, metrics["fsynctime"].Samples["fsynctime{quantile=\"0.5\"}"]);
    }

    [Fact]
    public void Coords_own_figures_tell_of_consensus_log_and_peers()
    {
        var metrics = Read();
        Assert.Equal(1, metrics["coord_role"].Samples["coord_role{role=\"leader\"}"]);
        Assert.Equal(0, metrics["coord_role"].Samples["coord_role{role=\"follower\"}"]);
        Assert.Equal(3, metrics["coord_term"].Samples["coord_term"]);
        Assert.Equal(0x74, metrics["coord_commit_index"].Samples["coord_commit_index"]);
        Assert.Equal(0x73, metrics["coord_applied_index"].Samples["coord_applied_index"]);
        Assert.Equal(0x70, metrics["coord_peer_lag_entries"].Samples["coord_peer_lag_entries{peer=\"3\"}"]);
        Assert.Equal(1.5, metrics["coord_peer_silence_seconds"].Samples["coord_peer_silence_seconds{peer=\"3\"}"]);
        Assert.Equal(1, metrics["coord_peer_linked"].Samples["coord_peer_linked{peer=\"1\"}"]);
        Assert.Equal(1, metrics["coord_ready"].Samples["coord_ready"]);
        node.Status = NodeStatus.Starting;
        metrics = Read();
        Assert.Equal(0, metrics["coord_ready"].Samples["coord_ready"]);
        Assert.Equal(1, metrics["coord_role"].Samples["coord_role{role=\"starting\"}"]);
        Assert.DoesNotContain("coord_peer_lag_entries", metrics.Keys);
    }

    [Fact]
    public void The_process_and_its_runtime_are_there()
    {
        var metrics = Read();
        foreach (var name in new[] { "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
            "process_start_time_seconds", "jvm_threads_current" })
            Assert.InRange(metrics[name].Samples[name], 0.001, double.MaxValue);
        Assert.Contains("dotnet_gc_collections_total{gc_heap_generation=\"gen2\"}",
            metrics["dotnet_gc_collections_total"].Samples.Keys);
    }

    [Fact]
    public void A_garbage_collection_counts_once()
    {
        GC.Collect();
        var before = GC.CollectionCount(0);
        var metrics = Read();
        var after = GC.CollectionCount(0);
        Assert.InRange(metrics["dotnet_gc_collections_total"].Samples.Values.Sum(), before, after);
        Assert.InRange(metrics["jvm_gc_collection_seconds_count"].Samples.Values.Sum(), before, after);
    }

    private Dictionary<string, ExposedMetric> Read() => ExpositionPage.Parse(PrometheusText.Write(node.Facts));
}
