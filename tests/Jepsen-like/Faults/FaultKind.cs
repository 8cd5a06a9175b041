namespace Coord.JepsenLike.Faults;

/// <summary>
/// What is done to the cluster, and undone after a while: the families Kill and Pause of raft-design section 15.
/// </summary>
internal enum FaultKind
{
    /// <summary>kill -9 of the leader.</summary>
    KillLeader,

    /// <summary>kill -9 of a node that does not lead.</summary>
    KillFollower,

    /// <summary>kill -9 of all nodes but one.</summary>
    KillMajority,

    /// <summary>kill -9 of every node at once.</summary>
    KillAll,

    /// <summary>SIGSTOP of the leader.</summary>
    PauseLeader,

    /// <summary>SIGSTOP of a node that does not lead.</summary>
    PauseFollower,

    /// <summary>SIGSTOP of all nodes but one.</summary>
    PauseMajority,

    /// <summary>SIGSTOP of the leader and, while it is stopped, kill -9 of its successor.</summary>
    PauseLeaderKillNext,
}
