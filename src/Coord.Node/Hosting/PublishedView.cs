using Coord.Node.Admin;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>What the replica last published, as handshakes tell it.</summary>
internal sealed class PublishedView(Func<NodeStatus> status) : IPeerView
{
    public LogIndex LastIndex => new(status().LastIndex);

    public Term Term => new(status().Term);

    /// <summary>A node whose log is damaged does not start (exit code 3), so none is recovering.</summary>
    public bool IsRecovering => false;

    public NodeId? KnownLeader => status().Leader;
}
