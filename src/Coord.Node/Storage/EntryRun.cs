namespace Coord.Node.Storage;

/// <summary>Start of a run of consecutive entries: where its first frame stands, and the checksum before it.</summary>
internal readonly record struct EntryRun(long FirstIndex, long Segment, long Offset, uint PreviousCrc);
