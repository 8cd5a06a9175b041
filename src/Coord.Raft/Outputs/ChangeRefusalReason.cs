namespace Coord.Raft;

/// <summary>Why a change of the membership was refused (raft-design M5, M8, M9).</summary>
public enum ChangeRefusalReason
{
    /// <summary>This node does not lead.</summary>
    NotLeader = 0,

    /// <summary>This leader has committed nothing in its term yet: try again soon.</summary>
    NotCommittedInOffice = 1,

    /// <summary>Another change is not committed, or a joint membership not left yet: try again soon.</summary>
    ChangeInProgress = 2,

    /// <summary>Leadership is being handed over.</summary>
    Transferring = 3,

    /// <summary>Nobody would vote.</summary>
    Empty = 4,

    /// <summary>A node is listed twice, or under no valid number.</summary>
    Malformed = 5,

    /// <summary>A node would vote that is no learner: it has to be added as one first.</summary>
    NotLearner = 6,

    /// <summary>A learner would vote that cannot be reached or has not caught up.</summary>
    LearnerBehind = 7,

    /// <summary>Fewer than a quorum of the new voters were heard within T; only force overrides this.</summary>
    QuorumOutOfReach = 8,
}
