using Coord.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>What operators read about the links between nodes.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(200, LogLevel.Information, "Node {Peer}: linked ({Address})")]
    public static partial void Up(ILogger logger, int peer, NodeAddress address);

    [LoggerMessage(201, LogLevel.Information, "Node {Peer}: link ended: {Reason}")]
    public static partial void Down(ILogger logger, int peer, string reason);

    [LoggerMessage(202, LogLevel.Information, "Node {Peer}: its process has ended, nothing listens at {Address}")]
    public static partial void Gone(ILogger logger, int peer, NodeAddress address);

    [LoggerMessage(203, LogLevel.Warning, "Node {Peer} at {Address}: no link: {Trouble}")]
    public static partial void Trouble(ILogger logger, int peer, NodeAddress address, string trouble);

    [LoggerMessage(204, LogLevel.Warning, "Peer connection from {Remote} refused: {Reason}")]
    public static partial void Refused(ILogger logger, string remote, string reason);

    [LoggerMessage(205, LogLevel.Information, "Cluster '{Cluster}' begins with id {ClusterId}, nodes {Nodes}")]
    public static partial void Genesis(ILogger logger, string cluster, string clusterId, string nodes);

    [LoggerMessage(206, LogLevel.Information, "Waiting for the cluster: {Reason}")]
    public static partial void Waiting(ILogger logger, string reason);

    [LoggerMessage(207, LogLevel.Information, "Snapshot {Index} to node {Peer}: {Outcome}")]
    public static partial void SnapshotSent(ILogger logger, long index, int peer, string outcome);

    [LoggerMessage(208, LogLevel.Information, "Snapshot {Index} from node {Peer}: {Outcome}")]
    public static partial void SnapshotReceived(ILogger logger, long index, int peer, string outcome);

    [LoggerMessage(209, LogLevel.Information, "A newer leader, node {Peer}, offers a snapshot: the one before ends")]
    public static partial void SnapshotReplaced(ILogger logger, int peer);

    [LoggerMessage(210, LogLevel.Information, "Node {Peer} at {Address} asks to be let in: {Reason}")]
    public static partial void Introduced(ILogger logger, int peer, NodeAddress address, string reason);

    [LoggerMessage(211, LogLevel.Warning,
        "The cluster knows this node at peer {Peer}, client {Client}, admin {Admin}; its settings say peer {OwnPeer}, "
        + "client {OwnClient}, admin {OwnAdmin}: the others dial the former. Change it with reconfig (docs/operate)")]
    public static partial void AddressesDiffer(
        ILogger logger, NodeAddress peer, NodeAddress client, NodeAddress admin, NodeAddress ownPeer,
        NodeAddress ownClient, NodeAddress ownAdmin);
}
