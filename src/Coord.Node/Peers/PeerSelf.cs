using Coord.Node.Hosting;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>What this node says of itself in handshakes; shared by all link threads.</summary>
internal sealed class PeerSelf(ClusterConfig cluster, ProcessIdentity identity, Genesis? genesis, NodeLimits limits)
{
    private readonly Founder[] configured =
        [.. cluster.Nodes.Select(node => new Founder(node.Id, default)).OrderBy(member => member.Id)];

    private volatile Genesis? genesis = genesis;
    private volatile IPeerView? view;
    private long linkSession;

    public NodeId Id => identity.Id;

    public Genesis? Genesis => genesis;

    /// <summary>Whether the replica runs, so that links can be taken.</summary>
    public bool TakesLinks => view is not null;

    /// <summary>The cluster exists and its genesis is durable here (raft-design M14).</summary>
    public void SetGenesis(Genesis value) => genesis = value;

    /// <summary>The replica runs: links may deliver from now on.</summary>
    public void SetView(IPeerView value) => view = value;

    /// <summary>This node's hello for one peer.</summary>
    public PeerHello Greet(NodeId peer, PeerChannel channel)
    {
        var (began, replica) = (genesis, view);
        return new PeerHello
        {
            Channel = channel,
            ClusterName = cluster.Name,
            ClusterId = began?.ClusterId ?? 0,
            Node = identity.Id,
            Incarnation = identity.Incarnation,
            StartNumber = identity.StartNumber,
            LinkSession = Interlocked.Increment(ref linkSession),
            ExpectedPeer = peer,
            ExpectedIncarnation = began?.IncarnationOf(peer) ?? 0,
            PeerFrameBytesMax = limits.PeerFrameBytesMax,
            LastIndex = replica?.LastIndex ?? default,
            Term = replica?.Term ?? default,
            IsRecovering = replica?.IsRecovering ?? false,
            KnownLeader = replica?.KnownLeader ?? default,
            Members = began?.Members ?? configured,
        };
    }
}
