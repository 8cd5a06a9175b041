namespace Coord.Raft;

/// <summary>Older entries were deleted from disk. They may go only below a durable snapshot.</summary>
/// <param name="FirstIndex">First entry still there.</param>
public sealed record LogCompacted(LogIndex FirstIndex) : RaftInput;
