using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// A message arrived. Messages of a replaced link or of an older process of the peer never get here (raft-design
/// I4, R17): the link drops them before it announces the newer one.
/// </summary>
internal sealed record FromPeer(NodeId From, long LinkSession, PeerMessage Message) : ReplicaInput;

/// <summary>A link to a peer stands: messages can be sent to it.</summary>
/// <param name="Peer">The peer, its identity checked on both sides (raft-design I1).</param>
/// <param name="LinkSession">Number of this link in this process; grows.</param>
/// <param name="StartNumber">The peer's process start number: a new one resets progress (raft-design R17).</param>
/// <param name="IsRecovering">The peer counts for nothing yet (raft-design P30).</param>
/// <param name="KnownLeader">The leader that the peer knew when it was asked, if any (raft-design E18).</param>
internal sealed record PeerUp(
    NodeId Peer, long LinkSession, long StartNumber, bool IsRecovering, NodeId? KnownLeader) : ReplicaInput
{
    /// <summary>The highest feature level that the peer's build knows (raft-design I6).</summary>
    public int FeatureLevelMax { get; init; } = 1;
}

/// <summary>The link to a peer ended; a new one is tried.</summary>
internal sealed record PeerDown(NodeId Peer) : ReplicaInput;

/// <summary>
/// A message to this peer was dropped, for want of a link or of room. Posted once until one is queued again.
/// </summary>
internal sealed record PeerMessageDropped(NodeId Peer) : ReplicaInput;

/// <summary>
/// The peer's process is known to have ended: its host refused a new connection, or another process answered
/// (raft-design E18).
/// </summary>
internal sealed record PeerProcessGone(NodeId Peer) : ReplicaInput;

/// <summary>A transfer that was begun with <see cref="IPeerLinks.SendSnapshot"/> ended.</summary>
internal sealed record SnapshotSendEnded(NodeId Peer, SnapshotId Snapshot, bool Success) : ReplicaInput;

/// <summary>
/// A snapshot from a peer is complete, verified and durable in this node's snapshot store (raft-design S7).
/// </summary>
internal sealed record SnapshotArrived(NodeId From, Term LeaderTerm, SnapshotId Snapshot) : ReplicaInput;

/// <summary>
/// A node on an empty data directory introduced itself: it waits to be let in (raft-design M14, M15). Posted again
/// while it waits, at most once a second.
/// </summary>
internal sealed record NodeIntroduced(Member Node) : ReplicaInput;
