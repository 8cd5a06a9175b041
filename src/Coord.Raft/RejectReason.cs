namespace Coord.Raft;


/// <summary>Why a proposal or a read barrier ended without its answer.</summary>
public enum RejectReason
{
    /// <summary>This node does not lead. Nothing happened; the hint says who leads, if known.</summary>
    NotLeader = 0,

    /// <summary>A limit is reached (raft-design R20). Nothing happened.</summary>
    Overloaded = 1,

    /// <summary>Leadership is being handed over (raft-design L2). Nothing happened; try the next leader.</summary>
    Transferring = 2,

    /// <summary>
    /// The proposal was appended and then lost sight of: it may or may not be committed (raft-design K3).
    /// </summary>
    ResultUnknown = 3,

    /// <summary>
    /// The payload is longer than the entry limit. Nothing happened, and trying again will not help.
    /// </summary>
    TooLarge = 4,

    /// <summary>
    /// The leader's disk is full, or there is no room on those of a quorum (raft-design P40). Nothing happened;
    /// somebody has to make room.
    /// </summary>
    StorageFull = 5,
}
