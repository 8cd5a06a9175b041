namespace Coord.Simulation.Faults;

/// <summary>
/// A class of harm. A run has a random subset of them, which finds more than all at once (raft-design T2); shrinking
/// takes them away one by one (T8).
/// </summary>
internal enum FaultKind
{
    /// <summary>Messages between nodes vanish.</summary>
    Loss,

    /// <summary>Messages arrive twice.</summary>
    Duplicates,

    /// <summary>Some messages take up to a hundred times as long.</summary>
    SlowMessages,

    /// <summary>Messages of one link overtake each other.</summary>
    Reordering,

    /// <summary>Nothing arrives for a while, and then everything at once.</summary>
    Clogging,

    /// <summary>Directions between nodes are cut, in every pattern.</summary>
    Partitions,

    /// <summary>A node's address leads to another node.</summary>
    CrossWiring,

    /// <summary>Transfers of snapshots break off in the middle.</summary>
    TransferCuts,

    /// <summary>Processes are killed: what they wrote stays, flushed or not.</summary>
    Kills,

    /// <summary>Power is lost: what was not flushed is kept or lost, sector by sector.</summary>
    PowerLoss,

    /// <summary>
    /// Power is lost at one operation on files, of any kind, in any step; or the process is killed there, and the
    /// power is lost when the next one has begun.
    /// </summary>
    CrashesInWrites,

    /// <summary>Processes are told to stop, hand over, and start again.</summary>
    Stops,

    /// <summary>A flush fails, and the pages count as clean all the same.</summary>
    FlushErrors,

    /// <summary>Files cannot be read for a while.</summary>
    ReadErrors,

    /// <summary>Flushes, and what is read and written behind the log, take up to seconds.</summary>
    SlowFlushes,

    /// <summary>Disks have no room for a while: of one node, of the leader, of all.</summary>
    FullDisks,

    /// <summary>Nodes take no turns for a while, as after SIGSTOP; some wake cut off from the others.</summary>
    Pauses,

    /// <summary>Nodes are slow for a while: each step comes late.</summary>
    SlowCpu,

    /// <summary>Clocks run at different rates.</summary>
    ClockRates,

    /// <summary>Wall clocks jump by hours.</summary>
    ClockJumps,

    /// <summary>Leadership is handed over, to anybody or to a given node.</summary>
    Transfers,

    /// <summary>Clients fall silent, vanish and come back, or never do.</summary>
    Silence,

    /// <summary>Disks lose or change what was durable; the node finds out and recovers.</summary>
    Damage,

    /// <summary>Nodes are let in, taken out and replaced, while all else goes on.</summary>
    Changes,
}
