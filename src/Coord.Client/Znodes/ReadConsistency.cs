namespace Coord.Client;

/// <summary>How fresh a read is.</summary>
public enum ReadConsistency
{
    /// <summary>The server's local state: one's own writes, never back in time.</summary>
    Session = 0,

    /// <summary>
    /// A <c>sync</c> and the read in one flight: everything committed before the call. Not so on plain ZooKeeper when
    /// the client's server is the leader: it answers a <c>sync</c> of its own clients at once, so that a write whose
    /// reply another server has given may be missing for a moment; and it may not yet know that it was deposed.
    /// </summary>
    Fresh = 1,

    /// <summary>
    /// Linearizable. On Coord the read itself, or the <c>sync</c> ahead of it, is a barrier of the quorum; on plain
    /// ZooKeeper a quorum write (a multi of one check) goes ahead of the read in the same flight.
    /// </summary>
    Linearizable = 2,
}
