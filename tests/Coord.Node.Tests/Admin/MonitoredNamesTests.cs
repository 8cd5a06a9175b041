using System.Text.RegularExpressions;
using Coord.Node.Admin;
using Coord.Node.Admin.Figures;

namespace Coord.Node.Tests.Admin;

/// <summary>
/// The names that public dashboards, collectors and alert rules ask ZooKeeper for: each is told here too, or named in
/// docs/use/zookeeper-compatibility.md as left out.
/// </summary>
public sealed class MonitoredNamesTests
{
    /// <summary>All that ZooKeeper 3.9 registers: gauges, counters and summaries.</summary>
    private const string OfZooKeeper39 =
        """
        ack_latency add_dead_watcher_stall_time approximate_data_size auth_failed_count avg_latency
        bytes_received_count close_session_prep_time cnxn_closed_without_zk_server_running
        commit_commit_proc_req_queued commit_count commit_process_time commit_propagation_latency
        concurrent_request_processing_in_commit_processor connection_drop_count connection_drop_probability
        connection_rejected connection_request_count connection_revalidate_count connection_token_deficit
        dbinittime dead_watchers_cleaner_latency dead_watchers_cleared dead_watchers_queued diff_count
        digest_mismatches_count election_time ensemble_auth_fail ensemble_auth_skip ensemble_auth_success
        ephemerals_count follower_sync_time fsynctime global_sessions inflight_diff_count inflight_snap_count
        insecure_admin_count jvm_pause_time_ms large_requests_rejected last_client_response_size
        last_proposal_size leader_unavailable_time leader_uptime learner_commit_received_count
        learner_handler_qp_size learner_handler_qp_time_ms learner_proposal_received_count
        learner_request_processor_queue_size learners local_sessions local_write_committed_time_ms looking_count
        max_client_response_size max_file_descriptor_count max_latency max_proposal_size
        min_client_response_size min_latency min_proposal_size netty_queued_buffer_capacity
        node_changed_watch_count node_children_watch_count node_created_watch_count node_deleted_watch_count
        non_mtls_local_conn_count non_mtls_remote_conn_count num_alive_connections observer_sync_time
        om_commit_process_time_ms om_proposal_process_time_ms open_file_descriptor_count
        outstanding_changes_queued outstanding_changes_removed outstanding_requests outstanding_tls_handshake
        packets_received packets_sent pending_session_queue_size pending_syncs prep_process_time
        prep_processor_queue_size prep_processor_queue_time_ms prep_processor_request_queued propagation_latency
        proposal_ack_creation_latency proposal_count proposal_latency proposal_process_time
        quit_leading_due_to_disloyal_voter quorum_ack_latency quorum_size read_commit_proc_issued
        read_commit_proc_req_queued read_commitproc_time_ms read_final_proc_time_ms read_per_namespace
        readlatency reads_after_write_in_session_queue reads_issued_from_session_queue request_commit_queued
        request_throttle_queue_time_ms request_throttle_wait_count requests_in_session_queue response_bytes
        response_packet_cache_hits response_packet_cache_misses response_packet_get_children_cache_hits
        response_packet_get_children_cache_misses restore_error_count restore_rate_limited_count restore_time
        revalidate_count server_write_committed_time_ms session_queues_drained sessionless_connections_expired
        skip_learner_request_to_next_processor_count snap_count snapshot_error_count snapshot_rate_limited_count
        snapshottime socket_closing_time stale_replies stale_requests stale_requests_dropped
        stale_sessions_expired startup_snap_load_time startup_txns_load_time startup_txns_loaded
        sync_process_time sync_processor_batch_size sync_processor_queue_and_flush_time_ms
        sync_processor_queue_flush_time_ms sync_processor_queue_size sync_processor_queue_time_ms
        sync_processor_request_queued synced_followers synced_non_voting_followers synced_observers
        throttled_ops time_waiting_empty_pool_in_commit_processor_read_ms tls_handshake_exceeded
        unavailable_time unrecoverable_error_count unsuccessful_handshake updatelatency uptime watch_bytes
        watch_count write_batch_time_in_commit_processor write_commit_proc_issued write_commit_proc_req_queued
        write_commitproc_time_ms write_final_proc_time_ms write_per_namespace znode_count
        """;

    private readonly TestFacts node = new();

    /// <summary>OpenTelemetry's receiver for ZooKeeper; two of its names went with ZooKeeper 3.5.</summary>
    [Fact]
    public async Task What_collectors_read_from_mntr_is_there()
    {
        var figures = await MonitorAsync();
        string[] keys =
        [
            "version", "server_state", "avg_latency", "max_latency", "min_latency", "packets_received", "packets_sent",
            "num_alive_connections", "outstanding_requests", "znode_count", "watch_count", "ephemerals_count",
            "approximate_data_size", "open_file_descriptor_count", "max_file_descriptor_count", "synced_followers",
            "pending_syncs",
        ];
        Assert.Equal([], keys.Where(key => !figures.ContainsKey(key)));

        // Datadog's check wants whole numbers of these.
        foreach (var key in keys.Except(["version", "server_state", "avg_latency"]))
            Assert.True(long.TryParse(figures[key], out _), $"{key} {figures[key]}");
    }

    /// <summary>Grafana's 10465 "ZooKeeper by Prometheus", and Grafana's own library for ZooKeeper.</summary>
    [Fact]
    public void What_dashboards_draw_is_on_the_page_of_metrics()
    {
        var metrics = ExpositionPage.Parse(PrometheusText.Write(node.Facts));
        var samples = metrics.Values.SelectMany(metric => metric.Samples.Keys)
            .Select(sample => sample.Split('{')[0]).ToHashSet();
        string[] drawn =
        [
            "quorum_size", "leader_uptime", "uptime", "num_alive_connections", "open_file_descriptor_count",
            "outstanding_requests", "max_latency", "min_latency", "avg_latency", "global_sessions", "local_sessions",
            "znode_count", "ephemerals_count", "approximate_data_size", "watch_count", "packets_received",
            "packets_sent", "connection_rejected", "connection_drop_count", "election_time_sum", "learners",
            "synced_observers", "synced_followers", "commit_count", "snap_count", "proposal_count", "looking_count",
            "fsynctime_sum", "fsynctime_count", "snapshottime_sum", "snapshottime_count", "readlatency_sum",
            "updatelatency_sum", "quorum_ack_latency_sum", "propagation_latency_sum", "proposal_latency_sum",
            "node_changed_watch_count_sum", "node_children_watch_count_sum", "node_created_watch_count_sum",
            "node_deleted_watch_count_sum", "bytes_received_count", "revalidate_count", "stale_sessions_expired",
            "sessionless_connections_expired", "connection_request_count", "connection_drop_probability",
            "jvm_memory_bytes_used", "jvm_memory_bytes_max", "jvm_threads_current", "jvm_gc_collection_seconds_count",
            "jvm_gc_collection_seconds_sum", "process_cpu_seconds_total", "process_open_fds",
            "process_resident_memory_bytes",
        ];
        Assert.Equal([], drawn.Where(name => !samples.Contains(name)));
    }

    [Fact]
    public void What_ZooKeeper_tells_is_told_or_named_as_left_out_and_not_both()
    {
        var told = ZooKeeperFigures.Of(node.Facts).Select(figure => figure.Name).ToHashSet();
        var leftOut = LeftOut();
        string[] names = OfZooKeeper39.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(names.Length, 150, 200);
        Assert.Equal([], names.Where(name => !told.Contains(name) && !leftOut.Exists(left => left.IsMatch(name))));
        Assert.Equal([], told.Where(name => leftOut.Exists(left => left.IsMatch(name))));
        Assert.Equal([], leftOut.Where(left => !names.Any(left.IsMatch)));
    }

    /// <summary>An observer of ZooKeeper says who feeds it; a follower that nobody observes it.</summary>
    [Fact]
    public async Task Observers_and_followers_tell_what_they_tell_in_ZooKeeper()
    {
        Assert.DoesNotContain("observer_master_id", (await MonitorAsync()).Keys);
        node.Status = TestFacts.Leader with { Role = NodeRole.Follower };
        Assert.Equal("0", (await MonitorAsync())["synced_observers"]);
        node.Status = node.Status with
        {
            Membership = TestFacts.Leader.Membership with { Learners = [TestFacts.Leader.Id] },
        };
        var figures = await MonitorAsync();
        Assert.Equal(("observer", "2"), (figures["server_state"], figures["observer_master_id"]));
        Assert.DoesNotContain("synced_observers", figures.Keys);
    }

    private async Task<Dictionary<string, string>> MonitorAsync() => (await node.AnswerAsync("mntr")).TrimEnd('\n')
        .Split('\n').Select(line => line.Split('\t')).ToDictionary(pair => pair[0]["zk_".Length..], pair => pair[1]);

    // The list behind its sentence, with * for anything.
    private static List<Regex> LeftOut()
    {
        const string sentence = "Figures of `mntr` and `/metrics` that are left out";
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "use", "zookeeper-compatibility.md"));
        var list = page[page.IndexOf(sentence, StringComparison.Ordinal)..].Split("\n\n")[1];
        return
        [
            .. Regex.Matches(list, "`([^`]+)`").Select(name =>
                new Regex($"^{Regex.Escape(name.Groups[1].Value).Replace("\\*", ".*", StringComparison.Ordinal)}$")),
        ];
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No Coord.sln above the tests.");
        return folder.FullName;
    }
}
