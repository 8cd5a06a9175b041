using System.Globalization;
using System.Text;

namespace Coord.Node.Admin.Words;

/// <summary>The answers to <c>srvr</c> and <c>stat</c>.</summary>
internal static class ServerText
{
    /// <param name="facts">Where the figures are.</param>
    /// <param name="status">What the replica last published.</param>
    /// <param name="clients">What <c>stat</c> lists; null for <c>srvr</c>.</param>
    public static string Write(NodeFacts facts, NodeStatus status, IReadOnlyList<ConnectionStatus>? clients)
    {
        var metrics = facts.Metrics;
        var latency = metrics.Clients.Latency;
        var text = new StringBuilder($"Zookeeper version: {CoordVersion.FullWithDate}\n");
        if (status.IsReadOnly)
            text.Append("READ-ONLY mode; serving only read-only clients\n");
        if (clients is not null)
            text.Append("Clients:\n").Append(ConnectionText.Brief(clients));
        text.Append($"Latency min/avg/max: {Milliseconds(latency.Least)}/")
            .Append($"{Decimal(latency.Average / 1000)}/{Milliseconds(latency.Greatest)}\n")
            .Append($"Received: {metrics.Clients.PacketsReceived.SinceReset}\n")
            .Append($"Sent: {metrics.Clients.PacketsSent.SinceReset}\n")
            .Append($"Connections: {facts.Connections.Count}\n")
            .Append($"Outstanding: {status.OutstandingRequests}\n")
            .Append($"Zxid: 0x{status.AppliedIndex:x}\n")
            .Append($"Mode: {Mode(status)}\n")
            .Append($"Node count: {status.ZnodeCount}\n");
        if (status.Role == NodeRole.Leader && status.Peers.Count > 0)
        {
            var sizes = metrics.Replica.ProposalSizes;
            text.Append($"Proposal sizes last/min/max: {sizes.Last}/{sizes.Least}/{sizes.Greatest}\n");
        }

        return text.ToString();
    }

    /// <summary>The role in ZooKeeper's words; a cluster of one node is standalone.</summary>
    public static string Mode(NodeStatus status) => status.Role switch
    {
        _ when status.IsReadOnly => "read-only",
        NodeRole.Leader when status.Peers.Count == 0 => "standalone",
        NodeRole.Leader => "leader",
        _ when status.Membership.Learners.Contains(status.Id) => "observer",
        _ => "follower",
    };

    /// <summary>Whole milliseconds, as ZooKeeper counts latency.</summary>
    public static long Milliseconds(long micros) => micros / 1000;

    /// <summary>One to four places, as ZooKeeper writes an average.</summary>
    public static string Decimal(double value) => value.ToString("0.0###", CultureInfo.InvariantCulture);
}
