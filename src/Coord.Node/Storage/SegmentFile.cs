namespace Coord.Node.Storage;

/// <summary>A segment found on disk; without a header when that cannot be used, and then with the reason.</summary>
internal sealed record SegmentFile(string Path, SegmentHeader? Header, string Fault);
