using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>Where the log ends: what the writer goes on from.</summary>
internal struct LogTail
{
    /// <summary>The segment that is written; its number is 0 while there is none.</summary>
    public SegmentHeader? Segment;

    /// <summary>Where the next frame goes.</summary>
    public long Offset;

    /// <summary>Number of the last complete batch.</summary>
    public long Batch;

    /// <summary>Checksum of the last frame.</summary>
    public uint Crc;

    /// <summary>True behind a segment-end frame: the next batch begins a new segment.</summary>
    public bool IsClosed;

    public HardState HardState;

    public SnapshotMark Mark;
}
