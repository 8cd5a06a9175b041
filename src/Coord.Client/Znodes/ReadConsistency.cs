namespace Coord.Client;

/// <summary>How fresh a read is.</summary>
public enum ReadConsistency
{
    /// <summary>The server's local state: one's own writes, never back in time.</summary>
    Session = 0,

    /// <summary>
    /// A <c>sync</c> and the read in one flight: everything committed before the call, but (on plain ZooKeeper) for a
    /// leader that does not yet know it was deposed.
    /// </summary>
    Fresh = 1,

    /// <summary>
    /// Linearizable. On Coord the read itself, or the <c>sync</c> ahead of it, is a barrier of the quorum; on plain
    /// ZooKeeper a quorum write (a multi of one check) goes ahead of the read in the same flight.
    /// </summary>
    Linearizable = 2,
}
