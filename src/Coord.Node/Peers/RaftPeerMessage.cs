using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>A message between two consensus cores.</summary>
internal sealed record RaftPeerMessage(RaftMessage Message) : PeerMessage;
