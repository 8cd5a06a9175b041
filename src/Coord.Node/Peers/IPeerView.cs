using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// What a handshake tells the other side about this node's replica; read by link threads at any time.
/// </summary>
internal interface IPeerView
{
    LogIndex LastIndex { get; }

    Term Term { get; }

    bool IsRecovering { get; }

    /// <summary>The leader this node knows, if any (raft-design E18).</summary>
    NodeId? KnownLeader { get; }

    /// <summary>The members of the active membership, learners too (raft-design M3).</summary>
    IReadOnlyList<Member> Members { get; }

    /// <summary>The index of the entry that set them; 0 for the genesis.</summary>
    LogIndex MembershipIndex { get; }

    /// <summary>The feature level that this node has applied (raft-design I6).</summary>
    int FeatureLevel { get; }
}
