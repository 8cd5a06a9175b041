namespace Coord.Raft;

/// <summary>Hand leadership over (raft-design L1 to L7). Ignored unless leader.</summary>
/// <param name="Target">To whom; null for the best follower.</param>
public sealed record TransferLeadership(NodeId? Target) : RaftInput;
