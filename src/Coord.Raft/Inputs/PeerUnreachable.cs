namespace Coord.Raft;

/// <summary>
/// A link dropped or a message to the peer was thrown away (raft-design R15). Proves nothing about the peer.
/// </summary>
/// <param name="Peer">The peer.</param>
public sealed record PeerUnreachable(NodeId Peer) : RaftInput;
