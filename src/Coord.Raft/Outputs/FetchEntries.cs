namespace Coord.Raft;

/// <summary>
/// Entries that are no longer in memory: read them off the loop and answer <see cref="EntriesFetched"/>. One request
/// per
/// peer is under way at a time (raft-design R12).
/// </summary>
/// <param name="Peer">For whom; this node itself when they are to be applied here.</param>
/// <param name="First">First index wanted.</param>
/// <param name="Last">Last index worth reading.</param>
/// <param name="MaxBytes">Stop before more than this, but read at least one entry.</param>
public readonly record struct FetchEntries(NodeId Peer, LogIndex First, LogIndex Last, long MaxBytes);
