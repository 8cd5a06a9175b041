namespace Coord.Raft;

/// <summary>
/// One append for the log writer. Appends are written strictly in sequence; each replaces whatever the log held at
/// and
/// above its first entry (raft-design P12). The object and its entries belong to the receiver: the core never touches
/// them again, so they may wait in other threads' queues.
/// </summary>
/// <param name="Sequence">1, 2, 3 and so on since start; answered by <see cref="Persisted"/>.</param>
/// <param name="HardState">Term and vote, if they changed: to be written ahead of the entries (raft-design
/// P1).</param>
/// <param name="FirstIndex">Index of the first entry; without entries, the index after the log's last.</param>
/// <param name="Entries">New entries in order, possibly none. An array.</param>
public sealed record LogAppend(long Sequence, HardState? HardState, LogIndex FirstIndex, IReadOnlyList<Entry> Entries);
