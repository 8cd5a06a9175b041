using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>One node of cluster.json and where its ports are.</summary>
internal sealed record ClusterNode(NodeId Id, NodeAddress Client, NodeAddress Peer, NodeAddress Admin)
{
    /// <summary>Where clients come by TLS only; null: it has no such port.</summary>
    public NodeAddress? SecureClient { get; init; }
}
