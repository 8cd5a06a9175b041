using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>What cluster.json says about the cluster: its name and every node of it, sorted by id.</summary>
internal sealed record ClusterConfig(string Name, IReadOnlyList<ClusterNode> Nodes)
{
    /// <summary>The node with this id; it is listed, or the settings would have been refused.</summary>
    public ClusterNode Node(NodeId id) => Nodes.First(node => node.Id == id);
}
