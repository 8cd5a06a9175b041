namespace Coord.Node.Peers;

/// <summary>
/// What travels on a link between two nodes: a message of the consensus core, or one of the node's own.
/// </summary>
internal abstract record PeerMessage;
