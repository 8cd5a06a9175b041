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
}
