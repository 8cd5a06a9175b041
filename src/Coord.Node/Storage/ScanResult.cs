namespace Coord.Node.Storage;

/// <summary>What the scanner met at a batch's place.</summary>
internal enum ScanResult
{
    /// <summary>A complete batch.</summary>
    Batch,

    /// <summary>The end of a full segment.</summary>
    SegmentEnd,

    /// <summary>Neither: the end of what was written, a torn write, or damage.</summary>
    Invalid,
}
