namespace Coord.Node.Admin.Figures;

/// <summary>What <c>/metrics</c> tells of Coord's own: consensus, log, snapshots. Explained in docs/operate.</summary>
internal static class CoordFigures
{
    private const double Seconds = 1_000_000;
    private static readonly string[] Roles = ["leader", "follower", "candidate", "starting"];

    public static void Write(PrometheusText page, NodeFacts facts)
    {
        var status = facts.Status();
        WriteRole(page, status);
        WriteLog(page, status);
        WritePeers(page, status);
        WriteTimes(page, facts);
        WriteSnapshots(page, facts, status);
    }

    private static void WriteRole(PrometheusText page, NodeStatus status)
    {
        var role = status.Role.ToString().ToLowerInvariant();
        page.Gauges("coord_role", "1 for the node's role", "role",
            Roles.Select(name => (name, name == role ? 1.0 : 0)));
        page.Gauge("coord_ready", "1 while this node serves clients", status.NotReadyBecause is null ? 1 : 0);
        page.Gauge("coord_read_only", "1 while it serves reads only, for want of a leader", status.IsReadOnly ? 1 : 0);
        page.Gauge("coord_recovering", "1 while it counts for nothing, since it may have lost something",
            status.RecoveringBecause is null ? 0 : 1);
        page.Gauge("coord_storage_full", "1 while its disk has no room for the log", status.IsStorageFull ? 1 : 0);
        page.Gauge("coord_leader", "The number of the leader that it knows, 0 for none", status.Leader?.Value ?? 0);
        page.Gauge("coord_voters", "Voting nodes of the membership in force", status.Membership.Voters.Count);
        page.Gauge("coord_feature_level", "The feature level that is applied", status.FeatureLevel);
        page.Gauge("coord_sessions", "Sessions of the cluster", status.SessionCount);
        page.Gauge("coord_outstanding_writes", "Writes of this node's clients under way", status.OutstandingRequests);
        page.Gauge("coord_data_watches", "Watches set by getData and exists", status.DataWatchCount);
        page.Gauge("coord_child_watches", "Watches set by getChildren", status.ChildWatchCount);
        page.Gauge("coord_recursive_watches", "Watches of a znode and all below it", status.RecursiveWatchCount);
    }

    private static void WriteLog(PrometheusText page, NodeStatus status)
    {
        page.Gauge("coord_term", "Raft's term", status.Term);
        page.Gauge("coord_first_index", "First entry still in the log", status.FirstIndex);
        page.Gauge("coord_last_index", "Last entry of the log", status.LastIndex);
        page.Gauge("coord_durable_index", "Last entry on this node's disk", status.DurableIndex);
        page.Gauge("coord_commit_index", "Last entry known to be committed", status.CommitIndex);
        page.Gauge("coord_applied_index", "Last entry applied to the tree", status.AppliedIndex);
    }

    private static void WritePeers(PrometheusText page, NodeStatus status)
    {
        page.Gauges("coord_peer_linked", "1 while a link to the node stands", "peer",
            status.Peers.Select(peer => ($"{peer.Id.Value}", peer.Linked ? 1.0 : 0)));
        if (status.Role != NodeRole.Leader)
            return;
        page.Gauges("coord_peer_lag_entries", "Entries that the node is behind this leader", "peer",
            status.Peers.Select(peer => ($"{peer.Id.Value}", (double)peer.Lag)));
        page.Gauges("coord_peer_silence_seconds", "Since this leader last heard of the node", "peer",
            status.Peers.Select(peer => ($"{peer.Id.Value}", peer.Silence?.TotalSeconds ?? 0)));
    }

    private static void WriteTimes(PrometheusText page, NodeFacts facts)
    {
        var replica = facts.Metrics.Replica;
        page.Summary("coord_flush_seconds", "One flush of the log", replica.Flush.Read(), Seconds);
        page.Summary("coord_log_batch_bytes", "Bytes of one batch of the log", replica.BatchBytes.Read(), 1);
        page.Summary("coord_turn_seconds", "One turn of the replica loop", replica.Turn.Read(), Seconds);
        page.Summary("coord_request_seconds", "All requests, from receipt to reply",
            facts.Metrics.Clients.Latency, Seconds);
        page.Counter("coord_sessions_expired_total", "Sessions that this leader ended", replica.SessionsExpired.Total);
        page.Counter(
            "coord_states_differing_total", "Nodes that this leader found to have another state at the same entry",
            replica.StatesDiffering.Total);
    }

    private static void WriteSnapshots(PrometheusText page, NodeFacts facts, NodeStatus status)
    {
        var replica = facts.Metrics.Replica;
        page.Gauge("coord_snapshot_index", "Last entry of the newest snapshot", status.SnapshotIndex);
        page.Gauge("coord_snapshot_bytes", "Size of the newest snapshot", status.SnapshotBytes);
        page.Counter("coord_snapshots_written_total", "Snapshots of this node", replica.SnapshotsWritten.Total);
        page.Counter("coord_snapshots_sent_total", "Snapshots sent to nodes that lag", replica.SnapshotsSent.Total);
        page.Counter(
            "coord_snapshots_installed_total", "Snapshots taken over from a leader", replica.SnapshotsInstalled.Total);
        var sizes = DirectorySizes.Of(facts.Settings.DataDirectory);
        page.Gauge("coord_log_directory_bytes", "Bytes of the log's files", sizes.Log);
        page.Gauge("coord_data_directory_bytes", "Bytes of all other files", sizes.Snapshots);
        var scrub = status.Scrub ?? new ScrubStatus(0, 0, 0);
        page.Counter("coord_scrubbed_bytes_total", "Bytes of old files read again for damage", scrub.BytesRead);
        page.Counter("coord_scrub_findings_total", "Damaged files found since the start", scrub.Findings);
    }
}
