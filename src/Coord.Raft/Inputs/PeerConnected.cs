namespace Coord.Raft;

/// <summary>A link to a peer is up (raft-design R17, I1).</summary>
/// <param name="Peer">The peer.</param>
/// <param name="ProcessStart">Its process start number: a new one forgets what it had acknowledged.</param>
/// <param name="KnownLeader">The leader it knew at the handshake, if any (raft-design E18).</param>
/// <param name="IsRecovering">It lost part of its disk and counts for nothing (raft-design P30).</param>
public sealed record PeerConnected(
    NodeId Peer,
    long ProcessStart,
    NodeId? KnownLeader,
    bool IsRecovering = false) : RaftInput;
