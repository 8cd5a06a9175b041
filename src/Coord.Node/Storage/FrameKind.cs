namespace Coord.Node.Storage;

/// <summary>What a frame of the log holds. Zero is no kind: unwritten parts of a segment are zeros.</summary>
internal enum FrameKind : byte
{
    Entry = 1,
    TermAndVote = 2,
    SnapshotMark = 3,
    BatchEnd = 4,
    SegmentEnd = 5,
}
