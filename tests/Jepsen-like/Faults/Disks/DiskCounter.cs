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
    Refused,
    FailedFlushes,
    SlowFlushes,
    Lies,
}
