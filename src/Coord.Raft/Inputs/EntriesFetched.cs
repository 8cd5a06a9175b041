namespace Coord.Raft;

/// <summary>Answers <see cref="FetchEntries"/>.</summary>
/// <param name="Peer">As asked.</param>
/// <param name="First">As asked.</param>
/// <param name="Entries">Entries from <paramref name="First"/> on without gaps, at least one; null when the range was
/// compacted.</param>
public sealed record EntriesFetched(NodeId Peer, LogIndex First, IReadOnlyList<Entry>? Entries) : RaftInput;
