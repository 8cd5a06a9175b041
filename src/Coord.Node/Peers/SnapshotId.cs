using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>A snapshot is named by the last entry it contains.</summary>
internal readonly record struct SnapshotId(LogIndex Index, Term Term);
