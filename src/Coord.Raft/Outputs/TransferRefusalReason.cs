namespace Coord.Raft;

/// <summary>Why leadership is not handed over (raft-design L1).</summary>
public enum TransferRefusalReason
{
    /// <summary>This node does not lead.</summary>
    NotLeader = 0,

    /// <summary>The wanted node is no other voter.</summary>
    NotVoter = 1,

    /// <summary>
    /// The wanted node is a voter that was not heard within T, whose log is far behind, or whose disk is full.
    /// </summary>
    NotFit = 2,

    /// <summary>
    /// No other voter was heard within T with a log that is nearly complete and with room on its disk.
    /// </summary>
    NobodyFit = 3,
}
