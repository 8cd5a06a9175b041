using System.Net.Sockets;
using Coord.Node.Hosting;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Node.Tests.Peers;

/// <summary>Links between nodes over loopback sockets: founding, greeting, sending, and noticing an end.</summary>
public sealed class PeerLinksTests
{
    private static readonly NodeId One = new(1);
    private static readonly NodeId Two = new(2);

    [Fact]
    public void Three_empty_nodes_found_one_cluster_and_link()
    {
        var cluster = TestPeer.Cluster(3);
        using var one = new TestPeer(cluster, 1, 101);
        using var two = new TestPeer(cluster, 2, 102);
        using var three = new TestPeer(cluster, 3, 103);
        TestPeer[] nodes = [one, two, three];
        var ids = nodes.Select(node => node.Found().ClusterId).ToArray();
        Assert.Single(ids.Distinct());
        foreach (var node in nodes)
            node.Begin();
        foreach (var node in nodes)
        {
            var first = node.Inbox.Next<PeerUp>();
            Assert.NotEqual(first.Peer, node.Inbox.Next<PeerUp>(up => up.Peer != first.Peer).Peer);
        }
    }

    [Fact]
    public void Messages_arrive_whole_and_in_order_the_largest_ones_too()
    {
        using var pair = new Pair();
        var large = new byte[3_000_000];
        Random.Shared.NextBytes(large);
        for (var i = 0; i < 500; i++)
            pair.First.Links.Send(Two, new ContactAnswer(i, new LogIndex(i), true));
        pair.First.Links.Send(Two, new ForwardedEntries([large, new byte[] { 1 }]));
        pair.First.Links.Send(Two, new ContactAnswer(500, default, false));
        pair.First.Links.Flush();
        for (var i = 0; i < 500; i++)
            Assert.Equal(i, ((ContactAnswer)pair.Second.Inbox.Next<FromPeer>().Message).Id);
        var forwarded = (ForwardedEntries)pair.Second.Inbox.Next<FromPeer>().Message;
        Assert.Equal(large, forwarded.Entries[0]);
        Assert.Equal(500, ((ContactAnswer)pair.Second.Inbox.Next<FromPeer>().Message).Id);
    }

    [Fact]
    public void A_link_tells_what_its_peer_knew_when_it_was_asked()
    {
        var cluster = TestPeer.Cluster(2);
        var genesis = TestPeer.GenesisOf(cluster);
        using var one = new TestPeer(cluster, 1, 101, 5, genesis).Begin();
        using var two = new TestPeer(cluster, 2, 102, 9, genesis) { KnownLeader = Two };
        two.Begin();
        Assert.Equal((9, Two), (one.Inbox.Next<PeerUp>() is var up ? up.StartNumber : 0, up.KnownLeader));
        Assert.Null(two.Inbox.Next<PeerUp>().KnownLeader);
    }

    /// <summary>raft-design E18: what failover in well under a second rests on.</summary>
    [Fact]
    public void A_process_that_ended_is_known_to_be_gone_and_a_new_one_takes_its_place()
    {
        using var pair = new Pair();
        pair.Second.Dispose();
        Assert.Equal(Two, pair.First.Inbox.Next<PeerProcessGone>().Peer);
        using var again = new TestPeer(pair.Cluster, 2, 102, start: 2, pair.Genesis).Begin();
        Assert.Equal(2, pair.First.Inbox.Next<PeerUp>().StartNumber);
        Assert.Equal(One, again.Inbox.Next<PeerUp>().Peer);
        again.Links.Send(One, new ContactAnswer(2, default, true));
        again.Links.Flush();
        Assert.Equal(2, ((ContactAnswer)pair.First.Inbox.Next<FromPeer>().Message).Id);
    }

    /// <summary>raft-design A5: a sender's queue drops, says so once, and says so again after it worked.</summary>
    [Fact]
    public void What_cannot_be_queued_is_dropped_and_said_once()
    {
        var cluster = TestPeer.Cluster(2);
        var genesis = TestPeer.GenesisOf(cluster);
        using var one = new TestPeer(cluster, 1, 101, 1, genesis).Begin();
        for (var i = 0; i < 3; i++)
            one.Links.Send(Two, new ContactAnswer(i, default, true));
        one.Inbox.Next<PeerMessageDropped>();
        using var two = new TestPeer(cluster, 2, 102, 1, genesis).Begin();
        Assert.DoesNotContain(one.Inbox.Until<PeerUp>(), input => input is PeerMessageDropped);
    }

    [Fact]
    public void A_wiped_node_is_refused_with_a_clear_line_on_both_sides()
    {
        using var pair = new Pair();
        pair.Second.Dispose();
        using var wiped = new TestPeer(pair.Cluster, 2, incarnation: 777);
        var line = pair.First.LoggedUntil("the cluster knows node 2 by incarnation");
        Assert.Contains($"{(UInt128)777:x32}", line, StringComparison.Ordinal);
        wiped.LoggedUntil("a replaced directory cannot take its predecessor's place");
    }

    [Fact]
    public void Strangers_and_silence_on_the_peer_port_disturb_nobody()
    {
        using var pair = new Pair();
        var port = pair.Cluster.Node(One).Peer;
        using var garbage = new TcpClient(port.Host, port.Port);
        garbage.GetStream().Write("GET / HTTP/1.1\r\nHost: example\r\n\r\n"u8);
        pair.First.LoggedUntil("does not greet like a node");
        Assert.Equal(0, garbage.GetStream().Read(new byte[1]));

        var silent = Enumerable.Range(0, NodeLimits.Default.PeerHandshakesMax + 8)
            .Select(_ => new TcpClient(port.Host, port.Port)).ToList();
        pair.Second.Links.Send(One, new ContactAnswer(1, default, true));
        pair.Second.Links.Flush();
        Assert.Equal(1, ((ContactAnswer)pair.First.Inbox.Next<FromPeer>().Message).Id);
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public void A_peer_port_that_is_taken_is_an_error_at_once()
    {
        using var pair = new Pair();
        var twice = new NodeSettings(One, pair.Cluster, "", NodeLimits.Default);
        var failure = Assert.Throws<SocketException>(() => new PeerLinks(
            twice, new ProcessIdentity(One, 101, 2), pair.Genesis, null,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
    }

    private sealed class Pair : IDisposable
    {
        public Pair()
        {
            Genesis = TestPeer.GenesisOf(Cluster);
            First = new TestPeer(Cluster, 1, 101, 1, Genesis).Begin();
            Second = new TestPeer(Cluster, 2, 102, 1, Genesis).Begin();
            First.Inbox.Next<PeerUp>();
            Second.Inbox.Next<PeerUp>();
        }

        public ClusterConfig Cluster { get; } = TestPeer.Cluster(2);

        public Genesis Genesis { get; }

        public TestPeer First { get; }

        public TestPeer Second { get; }

        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }
}
