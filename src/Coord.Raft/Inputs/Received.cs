namespace Coord.Raft;

/// <summary>
/// A message arrived from a peer, decoded and limited in size. Messages of replaced links are dropped before.
/// </summary>
/// <param name="From">The sender, as its handshake proved.</param>
/// <param name="Message">What it said.</param>
public sealed record Received(NodeId From, RaftMessage Message) : RaftInput;
