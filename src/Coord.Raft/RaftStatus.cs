namespace Coord.Raft;


/// <summary>A copy of what the core knows, safe to hand to other threads.</summary>
/// <param name="Id">This node.</param>
/// <param name="Role">Its role.</param>
/// <param name="Term">Its term.</param>
/// <param name="Leader">The leader of that term, or null while unknown.</param>
/// <param name="Commit">Commit index.</param>
/// <param name="Applied">Last index reported applied.</param>
/// <param name="Durable">Last index durable on this node.</param>
/// <param name="Last">Last index of the log.</param>
/// <param name="Snapshot">Index of the newest durable snapshot.</param>
/// <param name="TransferringTo">Target of a running leadership transfer, or null.</param>
/// <param name="Membership">The membership in force: the last one appended (raft-design M3).</param>
/// <param name="IsRecovering">This node lost part of its disk and counts for nothing (raft-design P30).</param>
/// <param name="RecoveringVoters">All voters known to be recovering, by number.</param>
/// <param name="IsQuorumRecovering">Without them no quorum can be reached: nothing is decided until the disks are
/// replaced or the cluster is founded again from one of them (raft-design P31, M16).</param>
/// <param name="Peers">Progress of the peers, by node number; empty unless leader.</param>
public sealed record RaftStatus(
    NodeId Id,
    RaftRole Role,
    Term Term,
    NodeId? Leader,
    LogIndex Commit,
    LogIndex Applied,
    LogIndex Durable,
    LogIndex Last,
    LogIndex Snapshot,
    NodeId? TransferringTo,
    Membership Membership,
    bool IsRecovering,
    IReadOnlyList<NodeId> RecoveringVoters,
    bool IsQuorumRecovering,
    IReadOnlyList<PeerStatus> Peers)
{
    /// <summary>What all members understand: the last level appended (raft-design I6). 1 at the beginning.</summary>
    public int FeatureLevel { get; init; } = 1;

    /// <summary>
    /// Ticks for which this leader may answer reads without asking anybody, if nothing happens (raft-design Q10).
    /// </summary>
    public long LeaseTicksLeft { get; init; }

    /// <summary>First index still in the log; one past <see cref="Last"/> when it is empty.</summary>
    public LogIndex First { get; init; }

    /// <summary>This node's disk is full (raft-design P40).</summary>
    public bool IsStorageFull { get; init; }

    /// <summary>
    /// This leader refuses proposals until there is room on the disks of a quorum again (raft-design P40).
    /// </summary>
    public bool IsQuorumStorageFull { get; init; }
}
