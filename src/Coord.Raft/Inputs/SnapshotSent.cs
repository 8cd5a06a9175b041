namespace Coord.Raft;

/// <summary>Answers <see cref="SendSnapshot"/>.</summary>
/// <param name="Peer">The receiver.</param>
/// <param name="Success">True when the receiver has the whole file and said so.</param>
/// <param name="Index">Last index of what was sent.</param>
public sealed record SnapshotSent(NodeId Peer, bool Success, LogIndex Index) : RaftInput;
