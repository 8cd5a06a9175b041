namespace Coord.JepsenLike.Faults;

/// <summary>
/// What is done to the cluster, and undone after a while: the families Kill, Pause and Network of raft-design section
/// 15.
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

    /// <summary>The leader is cut off from all other nodes; its clients still reach it.</summary>
    IsolateLeader,

    /// <summary>A node that does not lead is cut off.</summary>
    IsolateFollower,

    /// <summary>Every node is cut off from every other.</summary>
    SeparateAll,

    /// <summary>What the leader sends to other nodes is held; it hears them.</summary>
    MuteLeader,

    /// <summary>What other nodes send to the leader is held; they hear it.</summary>
    DeafenLeader,

    /// <summary>One link between the leader and another node is cut.</summary>
    CutLink,

    /// <summary>The leader is cut off and healed again and again, at about the pace of heartbeats.</summary>
    FlapLeader,
}
