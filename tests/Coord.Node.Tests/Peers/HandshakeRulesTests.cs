using Coord.Node.Peers;
using Coord.Raft;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Node.Tests.Peers;

/// <summary>
/// Which nodes may talk (raft-design I1 to I3). Wiped and cross-wired disks are how real clusters lose data.
/// </summary>
public sealed class HandshakeRulesTests
{
    private static readonly Genesis Began = Genesis.Of(
        "dev", Enumerable.Range(1, 3).Select(id => new Founder(new NodeId(id), (UInt128)(100 + id))));

    [Fact]
    public void Members_of_one_cluster_accept_each_other()
    {
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(From(1, to: 2), From(2, to: 1)));
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(From(2, to: 1), From(1, to: 2)));
    }

    [Fact]
    public void Each_way_of_being_somebody_else_has_its_own_refusal()
    {
        var mine = From(1, to: 2);
        var theirs = From(2, to: 1);
        Refused(PeerVerdict.WireVersion, mine, theirs with { WireVersionMin = 2, WireVersionMax = 3 }, "2 to 3");
        Refused(PeerVerdict.ClusterName, mine, theirs with { ClusterName = "test" }, "'test'");
        Refused(PeerVerdict.SameNode, mine, theirs with { Node = new NodeId(1) }, "node 1");
        Refused(PeerVerdict.WrongPeer, mine, theirs with { Node = new NodeId(3) }, "node 3");
        Refused(PeerVerdict.WrongPeer, mine, theirs with { ExpectedPeer = new NodeId(3) }, "looks for node 3");
        Refused(PeerVerdict.ClusterId, mine, theirs with { ClusterId = 5 }, $"{5:x32}");
        Refused(PeerVerdict.Incarnation, mine, theirs with { Incarnation = 7 }, $"shows {(UInt128)7:x32}");
        Refused(PeerVerdict.Incarnation, mine, theirs with { ExpectedIncarnation = 7 }, "replaced directory");
    }

    [Fact]
    public void A_node_that_the_genesis_does_not_list_is_refused() =>
        Refused(PeerVerdict.NotAMember, From(1, to: 4), From(4, to: 1), "node 4 is not a member");

    [Fact]
    public void Empty_nodes_are_introduced_and_not_linked()
    {
        var (mine, theirs) = (Empty(1, to: 2), Empty(2, to: 1));
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(mine, theirs));
        Assert.Equal(
            PeerVerdict.NotReady,
            HandshakeRules.Check(mine, theirs with { Channel = PeerChannel.Link }));
    }

    [Fact]
    public void Nodes_that_list_different_nodes_found_nothing_together()
    {
        var theirs = Empty(2, to: 1) with { Members = [new Founder(new NodeId(1), 0), new Founder(new NodeId(2), 0)] };
        Refused(PeerVerdict.NodeLists, Empty(1, to: 2), theirs, "it lists nodes 1, 2, this node lists 1, 2, 3");
    }

    [Fact]
    public void An_empty_directory_under_a_members_id_is_refused_on_both_sides()
    {
        var member = From(1, to: 2) with { Channel = PeerChannel.Introduction, ExpectedIncarnation = 102 };
        var wiped = Empty(2, to: 1) with { Incarnation = 777 };
        Refused(PeerVerdict.Incarnation, member, wiped, "not the one it joined with");
        Refused(PeerVerdict.Incarnation, wiped, member, "a replaced directory cannot take its predecessor's place");
    }

    [Fact]
    public void Hellos_come_back_as_they_were_and_any_other_bytes_are_refused()
    {
        var hello = From(1, to: 2) with
        {
            LastIndex = new LogIndex(77),
            Term = new Term(5),
            KnownLeader = new NodeId(3),
            IsRecovering = true,
            LinkSession = 12,
        };
        var frame = HelloCodec.WriteHello(hello);
        var read = HelloCodec.ReadHello(frame)!;
        Assert.Equal(hello.Members, read.Members);
        Assert.Equal(hello, read with { Members = hello.Members });
        Assert.True(frame.Length <= PeerHello.FrameBytesMax);

        var answer = HelloCodec.ReadAnswer(HelloCodec.WriteAnswer(PeerVerdict.Busy, hello), out var verdict)!;
        Assert.Equal(PeerVerdict.Busy, verdict);
        Assert.Equal(hello, answer with { Members = hello.Members });
        Prop.ForAll(Gen.Choose(0, frame.Length - 1).ToArbitrary(), length =>
        {
            var cut = frame[..length];
            if (length >= PeerFrame.HeaderBytes)
                PeerFrame.Seal(cut, PeerMessageKind.Hello, length - PeerFrame.HeaderBytes);
            Assert.Null(HelloCodec.ReadHello(cut));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_largest_cluster_fits_a_hello()
    {
        var ids = Enumerable.Range(1, NodeLimits.Default.ClusterNodesMax);
        var members = ids.Select(id => new Founder(new NodeId(id), 1));
        var hello = From(1, to: 2) with { ClusterName = new string('x', 255), Members = [.. members] };
        Assert.NotNull(HelloCodec.ReadHello(HelloCodec.WriteHello(hello)));
        Assert.True(HelloCodec.WriteAnswer(PeerVerdict.Accepted, hello).Length <= PeerHello.FrameBytesMax);
    }

    private static void Refused(PeerVerdict expected, PeerHello mine, PeerHello theirs, string explained)
    {
        Assert.Equal(expected, HandshakeRules.Check(mine, theirs));
        Assert.Contains(explained, HandshakeRules.Explain(expected, mine, theirs), StringComparison.Ordinal);
    }

    private static PeerHello From(int node, int to) => new()
    {
        Channel = PeerChannel.Link,
        ClusterName = "dev",
        ClusterId = Began.ClusterId,
        Node = new NodeId(node),
        Incarnation = (UInt128)(100 + node),
        StartNumber = 1,
        ExpectedPeer = new NodeId(to),
        ExpectedIncarnation = (UInt128)(100 + to),
        Members = Began.Members,
    };

    private static PeerHello Empty(int node, int to) => From(node, to) with
    {
        Channel = PeerChannel.Introduction,
        ClusterId = 0,
        ExpectedIncarnation = 0,
        Members = [.. Began.Members.Select(member => new Founder(member.Id, 0))],
    };
}
