using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Snapshots between nodes, on connections of their own, so that chunks never delay heartbeats (raft-design S6).
/// </summary>
internal interface ISnapshotTransfers
{
    /// <summary>
    /// Answers the handshake of a connection on which a peer wants to send a snapshot, and gives what receives it
    /// on the
    /// connection's own thread; null when it is refused.
    /// </summary>
    Action? BeginReceive(PeerSocket connection, PeerHello mine, PeerHello theirs);

    /// <summary>As <see cref="IPeerLinks.SendSnapshot"/>.</summary>
    void Send(PeerLink to, SnapshotId snapshot, Term term);

    /// <summary>As <see cref="IPeerLinks.AbortSnapshots"/>.</summary>
    void Abort(Term before);
}
