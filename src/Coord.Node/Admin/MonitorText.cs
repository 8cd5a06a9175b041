using System.Globalization;
using System.Text;

namespace Coord.Node.Admin;

/// <summary>
/// The answer to <c>mntr</c>: one line <c>zk_key TAB value</c> per figure, with ZooKeeper's names and meanings
/// (zookeeper-protocol 10.2). Values other than the version keep to word characters, dot and minus: telegraf refuses
/// more.
/// </summary>
internal static class MonitorText
{
    public static string Write(NodeStatus status)
    {
        var text = new StringBuilder();
        Line(text, "version", CoordVersion.FullWithDate);
        Line(text, "server_state", FourLetterWords.Mode(status));
        Line(text, "peer_state", status.Role == NodeRole.Leader ? "leading-broadcast" : "following-broadcast");
        Line(text, "avg_latency", FourLetterWords.Average(status));
        Line(text, "max_latency", FourLetterWords.Milliseconds(status.LatencyMaxMicros));
        Line(text, "min_latency", FourLetterWords.Milliseconds(status.LatencyMinMicros));
        Line(text, "packets_received", status.PacketsReceived);
        Line(text, "packets_sent", status.PacketsSent);
        Line(text, "num_alive_connections", status.Connections);
        Line(text, "outstanding_requests", status.OutstandingRequests);
        Line(text, "znode_count", status.ZnodeCount);
        Line(text, "watch_count", status.WatchCount);
        Line(text, "ephemerals_count", status.EphemeralCount);
        Line(text, "approximate_data_size", status.ApproximateDataBytes);
        Line(text, "open_file_descriptor_count", ProcessFiles.Open());
        Line(text, "max_file_descriptor_count", ProcessFiles.Limit());
        Line(text, "uptime", Math.Max(0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - status.StartedMs));
        Line(text, "quota_exceeded_error", status.QuotasExceeded);
        Line(text, "global_sessions", status.SessionCount);
        Line(text, "local_sessions", 0);
        Line(text, "last_proposal_size", status.LastProposalBytes);
        Line(text, "max_proposal_size", status.MaxProposalBytes);
        Line(text, "min_proposal_size", status.MinProposalBytes);
        if (status.Role == NodeRole.Leader)
            WriteLeader(text, status);
        return text.ToString();
    }

    private static void WriteLeader(StringBuilder text, NodeStatus status)
    {
        var synced = status.Peers.Count(peer => peer.State == "replicate");
        Line(text, "learners", status.Peers.Count(peer => peer.Linked));
        Line(text, "synced_followers", synced);
        Line(text, "synced_non_voting_followers", 0);
        Line(text, "synced_observers", 0);
        Line(text, "pending_syncs", status.Peers.Count(peer => peer.State == "snapshot"));
        Line(text, "quorum_size", status.Peers.Count + 1);
    }

    private static void Line(StringBuilder text, string key, long value) =>
        Line(text, key, value.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string key, string value) =>
        text.Append("zk_").Append(key).Append('\t').Append(value).Append('\n');
}
