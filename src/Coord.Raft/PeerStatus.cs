namespace Coord.Raft;


/// <summary>A leader's view of one peer, copied for metrics and pages.</summary>
/// <param name="Id">The peer.</param>
/// <param name="State">How the leader sends to it.</param>
/// <param name="Match">Highest index known to be durable there.</param>
/// <param name="Next">Index of the next entry to send.</param>
/// <param name="InFlightMessages">Append messages without an answer.</param>
/// <param name="InFlightBytes">Bytes of entries in them.</param>
/// <param name="TicksSinceHeard">Ticks since its last answer of this term.</param>
/// <param name="IsLearner">It counts nowhere (raft-design R18).</param>
/// <param name="IsLinked">A link to it is up.</param>
/// <param name="IsRecovering">It lost part of its disk and counts for nothing (raft-design P30).</param>
public readonly record struct PeerStatus(
    NodeId Id,
    PeerState State,
    LogIndex Match,
    LogIndex Next,
    int InFlightMessages,
    long InFlightBytes,
    long TicksSinceHeard,
    bool IsLearner,
    bool IsLinked,
    bool IsRecovering)
{
    /// <summary>It told that its disk is full (raft-design P40).</summary>
    public bool IsStorageFull { get; init; }
}
