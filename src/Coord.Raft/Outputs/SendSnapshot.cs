namespace Coord.Raft;

/// <summary>Send the newest durable snapshot to a peer; the end is told by <see cref="SnapshotSent"/>.</summary>
/// <param name="Peer">The receiver.</param>
/// <param name="LeaderTerm">The leader's term: goes with the offer; when the term changes, the transfer is to be
/// aborted.</param>
/// <param name="Index">Lowest snapshot that helps: the newest one when this was decided.</param>
/// <param name="Term">Term of the entry at <paramref name="Index"/>.</param>
public readonly record struct SendSnapshot(NodeId Peer, Term LeaderTerm, LogIndex Index, Term Term);
