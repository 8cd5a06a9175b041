namespace Coord.Raft;

/// <summary>
/// The peer's process is known to have ended: its host refuses connections, or another process answers (raft-design
/// E18).
/// </summary>
/// <param name="Peer">The peer.</param>
public sealed record PeerGone(NodeId Peer) : RaftInput;
