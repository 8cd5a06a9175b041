namespace Coord.Raft;

/// <summary>A message and its addressee.</summary>
/// <param name="To">The peer.</param>
/// <param name="Message">What to send.</param>
public readonly record struct OutboundMessage(NodeId To, RaftMessage Message);
