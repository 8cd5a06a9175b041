using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>What one verified frame says, kept until its batch turns out to be complete.</summary>
/// <remarks>
/// <c>CoreEntry</c> is the entry itself where the core needs it at start: memberships, feature levels.
/// </remarks>
internal readonly record struct StagedFrame(
    FrameKind Kind,
    bool IsReset,
    long Index,
    long Term,
    int VotedFor,
    long Offset,
    uint PreviousCrc,
    long Length,
    Entry? CoreEntry);
