using System.Text;
using Coord.Node.Hosting;
using Coord.Node.Members;

namespace Coord.Node.Admin;

/// <summary>
/// The node's settings under ZooKeeper's names, for <c>conf</c> and <c>/commands/configuration</c>. ZooKeeper's
/// <c>electionAlg</c> has no counterpart.
/// </summary>
internal static class ConfigurationReport
{
    /// <summary>The answer to <c>conf</c>; like ZooKeeper's it ends without a newline behind the membership.</summary>
    public static string Text(NodeSettings settings, NodeStatus status)
    {
        var text = new StringBuilder();
        foreach (var (key, _, value) in Values(settings, status, withSizes: true))
            text.Append($"{key}={value}\n");
        if (!IsQuorum(status))
            return text.ToString();
        text.Append("membership: \n");
        foreach (var line in Members(status))
            text.Append(line).Append('\n');
        return text.Append($"version={status.Membership.Index.Value:x}").ToString();
    }

    /// <summary>Each setting: its name in <c>conf</c>, its name as a JSON field, its value.</summary>
    public static IEnumerable<(string Key, string Field, object Value)> Values(
        NodeSettings settings, NodeStatus status, bool withSizes)
    {
        var limits = settings.Limits;
        yield return ("clientPort", "client_port", (long)settings.Self.Client.Port);
        if (withSizes)
            yield return ("secureClientPort", "secure_client_port", (long)(settings.Self.SecureClient?.Port ?? -1));
        yield return ("dataDir", "data_dir", settings.DataDirectory);
        var sizes = withSizes ? DirectorySizes.Of(settings.DataDirectory) : default;
        if (withSizes)
            yield return ("dataDirSize", "data_dir_size", sizes.Snapshots);
        yield return ("dataLogDir", "data_log_dir", DirectorySizes.LogOf(settings.DataDirectory));
        if (withSizes)
            yield return ("dataLogSize", "data_log_size", sizes.Log);
        yield return ("tickTime", "tick_time", Ms(limits.TickTime));
        yield return ("maxClientCnxns", "max_client_cnxns", (long)limits.ClientConnectionsPerAddressMax);
        yield return ("minSessionTimeout", "min_session_timeout", Ms(limits.SessionTimeoutMin));
        yield return ("maxSessionTimeout", "max_session_timeout", Ms(limits.SessionTimeoutMax));
        if (!withSizes)
            yield return ("serverId", "server_id", (long)settings.Id.Value);
        yield return ("clientPortListenBacklog", "client_port_listen_backlog", (long)limits.ListenBacklog);
        if (withSizes)
            yield return ("serverId", "server_id", (long)settings.Id.Value);
        if (!IsQuorum(status))
            yield break;

        // In ticks: how long a newcomer may make no progress, and how long a leader may be silent.
        yield return ("initLimit", "init_limit", Ticks(limits, limits.SnapshotProgressTimeout));
        yield return ("syncLimit", "sync_limit", Ticks(limits, limits.ElectionTicks * limits.ReplicaTick));
        yield return ("electionPort", "election_port", (long)Self(settings, status).ElectionPort);
        yield return ("quorumPort", "quorum_port", (long)settings.Self.Peer.Port);
        yield return ("peerType", "peer_type", status.Membership.Learners.Contains(status.Id) ? 1L : 0L);
    }

    /// <summary>The members as <c>/zookeeper/config</c> spells them.</summary>
    public static IEnumerable<string> Members(NodeStatus status) => status.Membership.Members
        .Select(member => ConfigText.LineOf(member, status.Membership.Voters.Contains(member.Id)));

    /// <summary>This node as the cluster knows it, or as it was told to be before that.</summary>
    public static Member Self(NodeSettings settings, NodeStatus status) =>
        status.Membership.Members.FirstOrDefault(member => member.Id == settings.Id)
        ?? new Member(settings.Id, 0, settings.Self.Peer, settings.Self.Client, settings.Self.Admin);

    /// <summary>A cluster of one node is what ZooKeeper calls standalone.</summary>
    public static bool IsQuorum(NodeStatus status) => status.Membership.Members.Count > 1;

    private static long Ms(TimeSpan time) => (long)time.TotalMilliseconds;

    private static long Ticks(NodeLimits limits, TimeSpan time) =>
        (long)Math.Ceiling(time.TotalMilliseconds / limits.TickTime.TotalMilliseconds);
}
