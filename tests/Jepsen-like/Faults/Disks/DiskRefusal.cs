namespace Coord.JepsenLike.Faults.Disks;

/// <summary>What a disk does not do any more, in the order of enum refusal in shim.h.</summary>
internal enum DiskRefusal
{
    Nothing,

    /// <summary>Full: ENOSPC for what needs room; what has its room already can be written again.</summary>
    Growth,

    /// <summary>Full, and of a kind that needs new room for every write, such as a thin volume.</summary>
    Writes,

    /// <summary>Read-only: EROFS.</summary>
    Changes,
}
