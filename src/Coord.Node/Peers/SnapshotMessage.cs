using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>What travels on a snapshot's own connection (raft-design S6).</summary>
internal abstract record SnapshotMessage;

/// <summary>The sender's first word: which file it has, and in which term it leads.</summary>
internal sealed record SnapshotOffer(Term LeaderTerm, SnapshotFile File) : SnapshotMessage;

/// <summary>The receiver has this much of that very file already: go on from there.</summary>
internal sealed record SnapshotResume(long Offset) : SnapshotMessage;

/// <summary>Bytes of the file.</summary>
internal sealed record SnapshotChunk(long Offset, ReadOnlyMemory<byte> Bytes) : SnapshotMessage;

/// <summary>Everything up to this offset has arrived.</summary>
internal sealed record SnapshotStored(long Offset) : SnapshotMessage;

/// <summary>The receiver's last word.</summary>
internal sealed record SnapshotVerdict(SnapshotOutcome Outcome) : SnapshotMessage;
