using Coord.Node.Peers;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>Every append up to and including this one is durable.</summary>
internal sealed record LogPersisted(long Sequence) : ReplicaInput;

/// <summary>The mark of a snapshot is durable in the log.</summary>
internal sealed record SnapshotMarked(SnapshotId Snapshot) : ReplicaInput;

/// <summary>Entries from disk, or null where they were compacted meanwhile.</summary>
internal sealed record EntriesRead(FetchEntries Request, IReadOnlyList<Entry>? Entries) : ReplicaInput;

/// <summary>Older segments were deleted.</summary>
internal sealed record LogShortened(LogIndex FirstIndex) : ReplicaInput;

/// <summary>A snapshot of this node is complete and durable; not yet marked in the log.</summary>
internal sealed record SnapshotWritten(SnapshotId Snapshot, long FileBytes) : ReplicaInput;

/// <summary>A received snapshot is a tree now; null: it could not be read, nothing changed.</summary>
internal sealed record SnapshotLoaded(InstallSnapshot Install, ZnodeTree? Tree) : ReplicaInput;

/// <summary>The process was told to stop: hand over, answer what is under way, close connections.</summary>
internal sealed record StopRequested(TaskCompletionSource Stopped) : ReplicaInput;

/// <summary>The flag that this node is recovering is gone from its disk (raft-design P30).</summary>
internal sealed record RecoveryCleared : ReplicaInput;
