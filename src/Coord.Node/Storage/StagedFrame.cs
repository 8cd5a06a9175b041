namespace Coord.Node.Storage;

/// <summary>What one verified frame says, kept until its batch turns out to be complete.</summary>
/// <remarks>
/// <c>IsForCore</c> tells an entry that the core needs itself at start: of a membership or a feature level.
/// </remarks>
internal readonly record struct StagedFrame(
    FrameKind Kind,
    bool IsReset,
    bool IsForCore,
    int VotedFor,
    long Index,
    long Term,
    long Offset,
    uint PreviousCrc,
    int Length);
