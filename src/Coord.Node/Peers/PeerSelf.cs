using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// What this node says of itself in handshakes, and where its links deliver; shared by all link threads.
/// </summary>
internal sealed class PeerSelf(NodeSettings settings, ProcessIdentity identity, Genesis? genesis)
{
    private readonly Member[] configured =
        [.. settings.Cluster.Nodes.Select(node => MemberOf(node, incarnation: 0)).OrderBy(member => member.Id)];

    private volatile Genesis? genesis = genesis;
    private volatile IPeerView? view;
    private volatile bool hasRecovered;
    private long linkSession;

    public NodeId Id => identity.Id;

    /// <summary>This node, at the addresses that its own settings give.</summary>
    public Member Member { get; } = MemberOf(settings.Self, identity.Incarnation);

    /// <summary>The nodes that cluster.json lists: whom to ask before this node has a cluster.</summary>
    public IReadOnlyList<Member> Configured => configured;

    public Genesis? Genesis => genesis;

    /// <summary>The running replica's inbox; set before <see cref="TakesLinks"/>.</summary>
    public IReplicaInbox? Inbox { get; private set; }

    /// <summary>Whether the replica runs, so that links can be taken.</summary>
    public bool TakesLinks => view is not null;

    /// <summary>The cluster exists and its genesis is durable here (raft-design M14).</summary>
    public void SetGenesis(Genesis value) => genesis = value;

    /// <summary>The replica runs: links may deliver from now on.</summary>
    public void SetReplica(IReplicaInbox inbox, IPeerView published)
    {
        Inbox = inbox;
        view = published;
    }

    /// <summary>
    /// This node counts again (raft-design P30). Said at once: what the replica publishes may come a moment later,
    /// and a handshake before it would make the leader count this node for nothing until the next one.
    /// </summary>
    public void HasRecovered() => hasRecovered = true;

    /// <summary>This node's hello for one peer.</summary>
    public PeerHello Greet(NodeId peer, PeerChannel channel)
    {
        var (began, replica) = (genesis, view);
        return new PeerHello
        {
            Channel = channel,
            ClusterName = settings.Cluster.Name,
            ClusterId = began?.ClusterId ?? 0,
            Self = Member,
            StartNumber = identity.StartNumber,
            LinkSession = Interlocked.Increment(ref linkSession),
            ExpectedPeer = peer,
            FeatureLevel = (ushort)(replica?.FeatureLevel ?? FeatureLevels.Min),
            PeerFrameBytesMax = settings.Limits.PeerFrameBytesMax,
            LastIndex = replica?.LastIndex ?? default,
            Term = replica?.Term ?? default,
            IsRecovering = !hasRecovered && (replica?.IsRecovering ?? false),
            KnownLeader = replica?.KnownLeader ?? default,
            Genesis = began?.Members ?? [],
            // Before the members: a change in between makes the list newer than its index says, which decides less.
            MembershipIndex = replica?.MembershipIndex ?? default,
            Members = replica?.Members ?? began?.Members ?? configured,
        };
    }

    /// <summary>A node as its line of cluster.json has it.</summary>
    public static Member MemberOf(ClusterNode node, UInt128 incarnation) =>
        new(node.Id, incarnation, node.Peer, node.Client, node.Admin);
}
