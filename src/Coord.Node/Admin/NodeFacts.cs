using Coord.Node.Hosting;
using Coord.Node.Metrics;

namespace Coord.Node.Admin;

/// <summary>All that words, commands and <c>/metrics</c> tell from.</summary>
/// <param name="Settings">What the node was told at its start.</param>
/// <param name="Status">What the replica last published.</param>
/// <param name="Metrics">What is measured.</param>
/// <param name="Connections">The client connections.</param>
/// <param name="Reports">What must be asked of the replica; null before it runs.</param>
internal sealed record NodeFacts(
    NodeSettings Settings,
    Func<NodeStatus> Status,
    NodeMetrics Metrics,
    IClientConnections Connections,
    Func<IReplicaReports?> Reports)
{
    /// <summary>What ZooKeeper's commands say of a server that is not ready.</summary>
    public const string NotServing = "This ZooKeeper instance is not currently serving requests";
}
