using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// The replica's way to the other nodes. Called by any thread; never blocks. What arrives comes back as
/// <see cref="Replica.ReplicaInput"/>.
/// </summary>
internal interface IPeerLinks
{
    /// <summary>
    /// Queues a message behind earlier ones to the same peer. Without a link, or when the peer's queue is full, it is
    /// dropped, and a <see cref="Replica.PeerMessageDropped"/> arrives once as an input (raft-design A5).
    /// </summary>
    void Send(NodeId to, PeerMessage message);

    /// <summary>
    /// Sends what is queued, or wakes the senders for it: once when the messages of a turn, or those that waited for a
    /// flush of the log, are queued, so that they leave in one write.
    /// </summary>
    void Flush();

    /// <summary>
    /// Begins sending a snapshot on a connection of its own; a transfer to that peer under way is given up for it. A
    /// <see cref="Replica.SnapshotSendEnded"/> arrives exactly once.
    /// </summary>
    void SendSnapshot(NodeId to, SnapshotId snapshot, Term term);

    /// <summary>Gives up all snapshot transfers of terms below this one, out and in (raft-design S6, S8).</summary>
    void AbortSnapshots(Term before);

    /// <summary>
    /// The active membership is another one: links to its members are made, those to others end after a while.
    /// </summary>
    void SetMembers(IReadOnlyList<Member> members);

    /// <summary>
    /// This node counts again, and says so in new handshakes (raft-design P30); its flag on disk is cleared.
    /// </summary>
    void Reconnect();
}
