using Coord.Node.Hosting;
using Coord.Raft;

namespace Coord.Node.Members;

/// <summary>
/// A node as the cluster knows it: part of every membership entry, so that all nodes agree on it (raft-design I3, M8).
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="Incarnation">128 bits of its data directory; another one is refused until replaced (M15).</param>
/// <param name="Peer">Where the other nodes reach it.</param>
/// <param name="Client">Where clients reach it.</param>
/// <param name="Admin">Its admin port.</param>
internal sealed record Member(
    NodeId Id, UInt128 Incarnation, NodeAddress Peer, NodeAddress Client, NodeAddress Admin)
{
    /// <summary>
    /// The third port that ZooKeeper's tools name; kept for them and unused. Never the peer port: ZooKeeper's parser,
    /// which is Curator's as well, refuses a configuration in which the two are the same.
    /// </summary>
    public int ElectionPort { get; init; } = Peer.Port < ushort.MaxValue ? Peer.Port + 1 : Peer.Port - 1;

    /// <summary>
    /// Whether it is to vote: a learner for which this is true is promoted by itself once it has caught up (M9). False
    /// for what ZooKeeper calls an observer.
    /// </summary>
    public bool Votes { get; init; } = true;
}
