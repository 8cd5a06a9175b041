using Coord.Raft;

namespace Coord.Node.Admin;

/// <summary>Another node as seen from here.</summary>
/// <param name="Id">The peer.</param>
/// <param name="Linked">Whether a link to it stands.</param>
/// <param name="State">How the leader replicates to it: probe, replicate or snapshot; empty on other nodes.</param>
/// <param name="Match">Highest index known to be durable there; 0 when this node does not lead.</param>
/// <param name="Lag">Entries it is behind this leader's log; 0 when this node does not lead.</param>
internal sealed record PeerProgressStatus(NodeId Id, bool Linked, string State, long Match, long Lag)
{
    /// <summary>It is told everything and counts for nothing (raft-design M13).</summary>
    public bool IsLearner { get; init; }

    /// <summary>It says that it may have lost something (raft-design P30).</summary>
    public bool IsRecovering { get; init; }

    /// <summary>It said that its disk is full (raft-design P40); known to the leader.</summary>
    public bool IsStorageFull { get; init; }

    /// <summary>How long ago the leader heard of it; null on other nodes.</summary>
    public TimeSpan? Silence { get; init; }
}
