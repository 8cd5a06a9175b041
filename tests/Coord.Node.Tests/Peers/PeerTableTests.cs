using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Tests.Members;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Peers;

/// <summary>Which nodes a node has links to.</summary>
public class PeerTableTests
{
    private readonly PeerTable peers;
    private readonly List<PeerLink> started = [];

    public PeerTableTests() => peers = new PeerTable(
        new NodeId(1), member => new PeerLink(member, null!, NodeLimits.Default, NullLogger.Instance), Start,
        NodeLimits.Default);

    /// <summary>What a node tells a waiting one may be anything: it costs no process and few threads.</summary>
    [Fact]
    public void Of_nodes_that_another_names_each_gets_one_link_and_not_too_many()
    {
        var told = Enumerable.Range(1, 1_000).Select(id => TestMember.Of(id, (UInt128)id)).ToList();
        Member[] twice = [told[1], told[1] with { Incarnation = 777 }];
        peers.Hear(twice);
        Assert.Equal(told[1].Incarnation, Assert.Single(peers.All).Peer.Incarnation);
        peers.Hear(told);
        Assert.Equal(NodeLimits.Default.PeerLinksMax, peers.All.Length);
        Assert.Null(peers.Find(new NodeId(1)));
    }

    [Fact]
    public void A_member_on_another_disk_gets_a_link_of_its_own_and_nobody_else_does()
    {
        peers.SetMembers([TestMember.Of(2, 102), TestMember.Of(3, 103)]);
        var first = peers.Find(new NodeId(2));
        peers.SetMembers([TestMember.Of(2, 202), TestMember.Of(3, 103)]);
        Assert.NotSame(first, peers.Find(new NodeId(2)));
        Assert.Equal([2, 3, 2], started.Select(link => link.Peer.Id.Value));
    }

    // A link that comes up is told of, and answered on, at once: what is sent to a peer not found is lost.
    private void Start(PeerLink link)
    {
        Assert.Same(link, peers.Find(link.Peer.Id));
        started.Add(link);
    }
}
