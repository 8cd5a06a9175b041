using Coord.Node.Admin.Words;
using Coord.Node.Metrics;

namespace Coord.Node.Admin.Figures;

/// <summary>
/// What <c>mntr</c>, <c>/commands/monitor</c> and <c>/metrics</c> tell under ZooKeeper's names and with its meanings
/// (zookeeper-protocol 10.2). What cannot be measured here is left out, and docs/use says which that is.
/// </summary>
internal static class ZooKeeperFigures
{
    private const double Milliseconds = 1000;

    public static IEnumerable<Figure> Of(NodeFacts facts)
    {
        var status = facts.Status();
        return
        [
            .. Identity(status), .. Classic(facts, status), .. Leading(facts, status), .. Following(status),
            .. Counters(facts.Metrics.Clients, facts.Metrics.Replica), .. Summaries(facts.Metrics),
        ];
    }

    private static IEnumerable<Figure> Identity(NodeStatus status) =>
    [
        new TextFigure("version", "Version", CoordVersion.FullWithDate),
        new TextFigure("server_state", "Role", ServerText.Mode(status)),
        new TextFigure("peer_state", "Role and phase", PeerState(status)),
    ];

    // ZooKeeper writes "leading - broadcast": telegraf would drop the line for its blanks.
    private static string PeerState(NodeStatus status) => ServerText.Mode(status) switch
    {
        "leader" or "standalone" => "leading-broadcast",
        "observer" => "observing-broadcast",
        "read-only" => "looking",
        _ => "following-broadcast",
    };

    private static IEnumerable<Figure> Classic(NodeFacts facts, NodeStatus status)
    {
        var clients = facts.Metrics.Clients;
        var latency = clients.Latency;
        return
        [
            Decimal("avg_latency", "Mean latency of requests in ms", latency.Average / Milliseconds),
            Gauge("max_latency", "Greatest latency of a request in ms", ServerText.Milliseconds(latency.Greatest)),
            Gauge("min_latency", "Least latency of a request in ms", ServerText.Milliseconds(latency.Least)),
            new CounterFigure("packets_received", "Requests received", clients.PacketsReceived),
            new CounterFigure("packets_sent", "Replies and events sent", clients.PacketsSent),
            Gauge("num_alive_connections", "Client connections of this node", facts.Connections.Count),
            Gauge("outstanding_requests", "Writes of this node's clients under way", status.OutstandingRequests),
            Gauge("znode_count", "Znodes", status.ZnodeCount),
            Gauge("watch_count", "Watches of this node's clients", status.WatchCount),
            Gauge("ephemerals_count", "Ephemeral znodes", status.EphemeralCount),
            Gauge("approximate_data_size", "Bytes of all paths and data", status.ApproximateDataBytes),
            Gauge("open_file_descriptor_count", "Open files of the process", ProcessFiles.Open()),
            Gauge("max_file_descriptor_count", "Files that the process may open", ProcessFiles.Limit()),
            Gauge("uptime", "Time since the start in ms", Math.Max(0, NowMs - status.StartedMs)),
            Gauge("global_sessions", "Sessions of the cluster", status.SessionCount),

            Gauge("local_sessions", "Sessions that only this node knows, in read-only mode", Local(facts, status)),

            // No connection is refused by chance.
            Decimal("connection_drop_probability", "Share of connections refused under load", 0),
            Gauge("last_client_response_size", "Bytes of the last reply", clients.ResponseSizes.Last),
            Gauge("max_client_response_size", "Bytes of the longest reply", clients.ResponseSizes.Greatest),
            Gauge("min_client_response_size", "Bytes of the shortest reply", clients.ResponseSizes.Least),
            Gauge("outstanding_tls_handshake", "TLS handshakes of clients under way", facts.Connections.TlsHandshakes),
            new CounterFigure("auth_failed_count", "Authentications refused", clients.AuthFailed),
            new CounterFigure(
                "non_mtls_remote_conn_count", "Connections from elsewhere without a certificate", clients.PlainRemote),
            new CounterFigure(
                "non_mtls_local_conn_count", "Connections from this machine without a certificate", clients.PlainLocal),
            new CounterFigure(
                "quota_exceeded_error", "Requests that exceeded a quota while this node led", status.QuotasExceeded,
                status.QuotasExceeded),
            Gauge("quorum_size", "Voting nodes", Math.Max(1, status.Membership.Voters.Count)),
        ];
    }

    private static int Local(NodeFacts facts, NodeStatus status) =>
        status.IsReadOnly ? facts.Connections.List().Count(connection => connection.Session is { Id: not 0 }) : 0;

    private static IEnumerable<Figure> Leading(NodeFacts facts, NodeStatus status)
    {
        if (status.Role != NodeRole.Leader || status.Peers.Count == 0)
            return [];
        var sizes = facts.Metrics.Replica.ProposalSizes;
        var synced = status.Peers.Where(peer => peer.Linked && peer.State == "replicate").ToList();
        return
        [
            Gauge("learners", "Nodes that follow this leader", status.Peers.Count(peer => peer.Linked)),
            Gauge("synced_followers", "Voting followers in step", synced.Count(peer => !peer.IsLearner)),
            Gauge("synced_non_voting_followers", "Followers in step that are to vote, and do not yet",
                synced.Count(peer => peer.IsLearner && Votes(status, peer))),
            Gauge("synced_observers", "Observers in step",
                synced.Count(peer => peer.IsLearner && !Votes(status, peer))),
            Gauge("pending_syncs", "Nodes being sent a snapshot", status.Peers.Count(peer => peer.State == "snapshot")),
            Gauge("leader_uptime", "Time since this node leads in ms", status.LeadingMs),
            Gauge("last_proposal_size", "Bytes of the last proposal", sizes.Last),
            Gauge("max_proposal_size", "Bytes of the longest proposal", sizes.Greatest),
            Gauge("min_proposal_size", "Bytes of the shortest proposal", sizes.Least),
        ];
    }

    // Nobody is fed by a follower here; of an observer ZooKeeper tells who feeds it.
    private static IEnumerable<Figure> Following(NodeStatus status) => ServerText.Mode(status) switch
    {
        "follower" => [Gauge("synced_observers", "Observers that are fed by this follower", 0)],
        "observer" =>
        [
            new TextFigure("observer_master_id", "Who feeds this observer", $"{status.Leader?.Value ?? 0}"),
        ],
        _ => [],
    };

    private static bool Votes(NodeStatus status, PeerProgressStatus peer) =>
        status.Membership.Members.Any(member => member.Id == peer.Id && member.Votes);

    private static IEnumerable<Figure> Counters(ClientMetrics clients, ReplicaMetrics replica) =>
    [
        new CounterFigure("looking_count", "Times that this node knew no leader", replica.Lookings),
        new CounterFigure("snap_count", "Snapshots that this leader sent", replica.SnapshotsSent),
        new CounterFigure("commit_count", "Entries that this leader committed", replica.Commits),
        new CounterFigure("proposal_count", "Entries that this leader proposed", replica.Proposals),
        new CounterFigure(
            "learner_proposal_received_count", "Entries that this follower received", replica.ProposalsReceived),
        new CounterFigure(
            "learner_commit_received_count", "Entries that this follower learned to be committed",
            replica.CommitsReceived),
        new CounterFigure("connection_request_count", "Handshakes received", clients.Handshakes),
        new CounterFigure("connection_rejected", "Connections over a limit", clients.Rejected),
        new CounterFigure("connection_drop_count", "Connections that ended without a word", clients.Dropped),
        new CounterFigure(
            "connection_revalidate_count", "Handshakes of clients that came with a session", clients.Reattaches),
        new CounterFigure("revalidate_count", "Sessions that were taken up again", clients.Reattaches),
        new CounterFigure("stale_sessions_expired", "Sessions that this leader ended", replica.SessionsExpired),
        new CounterFigure(
            "sessionless_connections_expired", "Connections without a handshake in time", clients.Sessionless),
        new CounterFigure("bytes_received_count", "Bytes of requests", clients.BytesReceived),
        new CounterFigure("response_bytes", "Bytes of replies", clients.ResponseBytes),
        new CounterFigure("watch_bytes", "Bytes of watch events", clients.WatchBytes),
        new CounterFigure("large_requests_rejected", "Frames over jute.maxbuffer", clients.FramesRefused),
    ];

    private static IEnumerable<Figure> Summaries(NodeMetrics metrics)
    {
        var (clients, replica) = (metrics.Clients, metrics.Replica);
        return
        [
            Time("fsynctime", "One flush of the log", replica.Flush),
            Time("snapshottime", "One snapshot", replica.Snapshot),
            Time("dbinittime", "Reading log and snapshot at the start", replica.Recovery),
            Time("startup_snap_load_time", "Reading the snapshot at the start", replica.SnapshotLoad),
            Count("startup_txns_loaded", "Entries in the log behind the snapshot at the start", replica.LoadedEntries),
            Time("startup_txns_load_time", "Reading the log at the start", replica.LogLoad),
            Detailed("readlatency", "Reads, from receipt to reply", clients.ReadLatency),
            Detailed("updatelatency", "Writes, from receipt to reply", clients.UpdateLatency),
            Detailed("propagation_latency", "From the leader's clock to applying here", replica.Propagation),
            Detailed(
                "commit_propagation_latency", "From the leader's clock to the commit on a follower",
                replica.CommitPropagation),
            Detailed("proposal_latency", "From the leader's clock to arrival on a follower", replica.Proposal),
            Detailed("quorum_ack_latency", "From a leader's proposal to its quorum", replica.QuorumAck),
            Time("election_time", "From losing a leader to knowing the next", replica.Election),
            Time("unavailable_time", "Serving nobody for want of a leader", replica.Unavailable),
            Time("leader_unavailable_time", "The same on the node that then led", replica.LeaderUnavailable),
            Count("node_created_watch_count", "Watchers told of a creation", clients.CreatedWatchers),
            Count("node_deleted_watch_count", "Watchers told of a deletion", clients.DeletedWatchers),
            Count("node_changed_watch_count", "Watchers told of a change", clients.ChangedWatchers),
            Count("node_children_watch_count", "Watchers told of a change of children", clients.ChildrenWatchers),
        ];
    }

    private static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static GaugeFigure Gauge(string name, string meaning, long value) => new(name, meaning, value);

    private static GaugeFigure Decimal(string name, string meaning, double value) =>
        new(name, meaning, value, IsDecimal: true);

    private static SummaryFigure Time(string name, string meaning, Distribution times) =>
        new(name, meaning + ", in ms", times.Read(), Milliseconds, HasQuantiles: false);

    private static SummaryFigure Detailed(string name, string meaning, Distribution times) =>
        new(name, meaning + ", in ms", times.Read(), Milliseconds, HasQuantiles: true);

    private static SummaryFigure Count(string name, string meaning, Distribution counts) =>
        new(name, meaning, counts.Read(), 1, HasQuantiles: false);
}
