using System.Text.RegularExpressions;
using Coord.Node.Admin;

namespace Coord.Node.Tests.Admin;

/// <summary>The figures of <c>mntr</c> as monitoring tools read them (zookeeper-protocol 10.2).</summary>
public sealed partial class MonitorTextTests
{
    private readonly TestFacts node = new();

    [Fact]
    public async Task Every_classic_figure_and_the_leaders_own_are_there()
    {
        node.Metrics.Clients.ReadLatency.Record(3_650, times: 4);
        node.Metrics.Clients.AuthFailed.Add();
        node.Metrics.Replica.ProposalSizes.Record(88);
        var figures = await ReadAsync();
        var expected = new Dictionary<string, string>
        {
            ["server_state"] = "leader", ["peer_state"] = "leading-broadcast", ["avg_latency"] = "3.65",
            ["max_latency"] = "3", ["min_latency"] = "3", ["packets_received"] = "0", ["packets_sent"] = "0",
            ["num_alive_connections"] = "0", ["outstanding_requests"] = "1", ["znode_count"] = "5",
            ["watch_count"] = "4", ["ephemerals_count"] = "3", ["approximate_data_size"] = "44",
            ["global_sessions"] = "2", ["local_sessions"] = "0", ["connection_drop_probability"] = "0.0",
            ["last_client_response_size"] = "-1", ["auth_failed_count"] = "1", ["non_mtls_remote_conn_count"] = "0",
            ["non_mtls_local_conn_count"] = "0", ["outstanding_tls_handshake"] = "0", ["quorum_size"] = "3",
            ["learners"] = "1", ["synced_followers"] = "1",
            ["synced_non_voting_followers"] = "0", ["synced_observers"] = "0", ["pending_syncs"] = "1",
            ["leader_uptime"] = "7000", ["last_proposal_size"] = "88", ["min_proposal_size"] = "88",
            ["max_proposal_size"] = "88",
        };
        foreach (var (key, value) in expected)
            Assert.Equal((key, value), (key, figures[key]));
        Assert.InRange(long.Parse(figures["open_file_descriptor_count"]), 1, long.MaxValue);
        Assert.InRange(long.Parse(figures["max_file_descriptor_count"]), 1, long.MaxValue);
        Assert.InRange(long.Parse(figures["uptime"]), 0, long.MaxValue);
    }

    [Fact]
    public async Task A_follower_has_no_figures_of_a_leader()
    {
        node.Status = TestFacts.Leader with { Role = NodeRole.Follower };
        var figures = await ReadAsync();
        Assert.Equal("follower", figures["server_state"]);
        Assert.DoesNotContain("learners", figures.Keys);
        Assert.DoesNotContain("synced_followers", figures.Keys);
    }

    [Fact]
    public async Task Summaries_are_in_milliseconds_and_detailed_ones_have_quantiles()
    {
        for (var micros = 1_000; micros <= 100_000; micros += 1_000)
            node.Metrics.Clients.UpdateLatency.Record(micros);
        node.Metrics.Replica.Flush.Record(TimeSpan.FromMicroseconds(700));
        node.Metrics.Clients.ChangedWatchers.Record(3);
        var figures = await ReadAsync();
        Assert.Equal("50.5", figures["avg_updatelatency"]);
        Assert.Equal(("1", "100"), (figures["min_updatelatency"], figures["max_updatelatency"]));
        Assert.Equal(("100", "5050"), (figures["cnt_updatelatency"], figures["sum_updatelatency"]));
        foreach (var (key, exact) in new[] { ("p50", 50), ("p95", 95), ("p99", 99), ("p999", 100) })
            Assert.InRange(int.Parse(figures[$"{key}_updatelatency"]), exact, exact * 17 / 16);
        Assert.Equal("0.7", figures["avg_fsynctime"]);
        Assert.DoesNotContain("p50_fsynctime", figures.Keys);
        Assert.Equal("3", figures["max_node_changed_watch_count"]);
    }

    /// <summary>
    /// telegraf drops a line whose key is not of word characters or whose value is not of those, dot, minus.
    /// </summary>
    [Fact]
    public async Task Lines_are_what_telegraf_accepts()
    {
        foreach (var line in (await node.AnswerAsync("mntr")).TrimEnd('\n').Split('\n').Skip(1))
            Assert.Matches(TelegrafLine, line);
    }

    private async Task<Dictionary<string, string>> ReadAsync() => (await node.AnswerAsync("mntr")).TrimEnd('\n')
        .Split('\n').Select(line => line.Split('\t')).ToDictionary(pair => pair[0]["zk_".Length..], pair => pair[1]);

    [GeneratedRegex(@"^zk_\w+\t[\w.\-]+$")]
    private static partial Regex TelegrafLine { get; }
}
