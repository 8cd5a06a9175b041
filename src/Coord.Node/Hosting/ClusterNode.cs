using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>One node of cluster.json and where its three ports are.</summary>
internal sealed record ClusterNode(NodeId Id, NodeAddress Client, NodeAddress Peer, NodeAddress Admin);
