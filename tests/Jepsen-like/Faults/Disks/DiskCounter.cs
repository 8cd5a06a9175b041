namespace Coord.JepsenLike.Faults.Disks;

/// <summary>What the shim of a node counts, in the order of struct control in shim.h.</summary>
internal enum DiskCounter
{
    Writes,
    Bytes,
    Flushes,
    DirectoryFlushes,
    Creations,
    Renames,
    Removals,
    Truncations,

    /// <summary>Changes that were refused, but for those that needed more room.</summary>
    Refused,

    FailedFlushes,
    SlowFlushes,
    Lies,

    /// <summary>Writes that needed more room and did not get it: a node may do without.</summary>
    RefusedGrowth,
}
