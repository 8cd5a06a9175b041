using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>Up to which entry a durable snapshot stands for the log. Zero: no snapshot yet.</summary>
internal readonly record struct SnapshotMark(LogIndex Index, Term Term);
