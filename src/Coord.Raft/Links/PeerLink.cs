namespace Coord.Raft;

/// <summary>What is known of the way to another node, member or not (raft-design M12).</summary>
internal sealed class PeerLink(NodeId id)
{
    public NodeId Id { get; } = id;

    /// <summary>Start number of the process last linked; 0 before the first.</summary>
    public long ProcessStart { get; set; }

    /// <summary>A link is up.</summary>
    public bool IsLinked { get; set; }

    /// <summary>The leader it knew when linked.</summary>
    public NodeId? KnownLeader { get; set; }

    /// <summary>It said that it lost part of its disk: it counts for nothing (raft-design P30).</summary>
    public bool IsRecovering { get; set; }
}
