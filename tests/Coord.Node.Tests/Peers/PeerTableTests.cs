using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Tests.Members;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Peers;

/// <summary>Which nodes a node has links to.</summary>
public class PeerTableTests
{
    private readonly PeerTable peers = new(
        new NodeId(1), member => new PeerLink(member, null!, NodeLimits.Default, NullLogger.Instance),
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
}
