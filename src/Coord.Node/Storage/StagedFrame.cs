namespace Coord.Node.Storage;

/// <summary>What one verified frame says, kept until its batch turns out to be complete.</summary>
internal readonly record struct StagedFrame(
    FrameKind Kind, bool IsReset, long Index, long Term, int VotedFor, long Offset, uint PreviousCrc, long Length);
