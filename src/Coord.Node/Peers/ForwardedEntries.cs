namespace Coord.Node.Peers;

/// <summary>
/// Entries of a follower's own clients for the leader to propose: encoded, in the order of their origin (raft-design
/// R19). A forward is never forwarded again.
/// </summary>
internal sealed record ForwardedEntries(IReadOnlyList<ReadOnlyMemory<byte>> Entries) : PeerMessage;
