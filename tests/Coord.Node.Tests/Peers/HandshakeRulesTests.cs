using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Peers;

/// <summary>
/// Which nodes may talk (raft-design I1 to I3, M12). Wiped and cross-wired disks are how real clusters lose data.
/// </summary>
public sealed class HandshakeRulesTests
{
    [Fact]
    public void Members_of_one_cluster_accept_each_other()
    {
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(Hellos.From(1, to: 2), Hellos.From(2, to: 1)));
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(Hellos.From(2, to: 1), Hellos.From(1, to: 2)));
    }

    [Fact]
    public void Each_way_of_being_somebody_else_has_its_own_refusal()
    {
        var mine = Hellos.From(1, to: 2);
        var theirs = Hellos.From(2, to: 1);
        Refused(PeerVerdict.WireVersion, mine, theirs with { WireVersionMin = 2, WireVersionMax = 3 }, "2 to 3");
        Refused(PeerVerdict.ClusterName, mine, theirs with { ClusterName = "test" }, "'test'");
        Refused(PeerVerdict.SameNode, mine, theirs with { Self = TestMember.Of(1, 101) }, "node 1");
        Refused(PeerVerdict.WrongPeer, mine, theirs with { Self = TestMember.Of(3, 103) }, "node 3");
        Refused(PeerVerdict.WrongPeer, mine, theirs with { ExpectedPeer = new NodeId(3) }, "looks for node 3");
        Refused(PeerVerdict.ClusterId, mine, theirs with { ClusterId = 5 }, $"{5:x32}");
        Refused(PeerVerdict.Incarnation, mine, theirs with { Self = TestMember.Of(2, 7) }, $"has {(UInt128)7:x32}");
    }

    /// <summary>
    /// raft-design M12, thesis 4.1: the other may have appended a membership that this node has not.
    /// </summary>
    [Fact]
    public void A_node_of_the_cluster_that_is_not_known_here_is_accepted()
    {
        var newcomer = Hellos.From(4, to: 1) with { MembershipIndex = new LogIndex(9), Members = Hellos.Members(4) };
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(Hellos.From(1, to: 4), newcomer));
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(newcomer, Hellos.From(1, to: 4)));
    }

    /// <summary>
    /// The danger: a follower that has not heard of a replacement would keep the new disk out, or one that has would
    /// let the old disk in (raft-design I3).
    /// </summary>
    [Fact]
    public void The_newer_membership_decides_which_incarnation_a_node_has()
    {
        Member[] replaced = [TestMember.Of(1, 101), TestMember.Of(2, 777), TestMember.Of(3, 103)];
        var late = Hellos.From(1, to: 2);
        var knowing = Hellos.From(1, to: 2) with { Members = replaced, MembershipIndex = new LogIndex(9) };
        var old = Hellos.From(2, to: 1);
        var renewed = old with
        {
            Self = TestMember.Of(2, 777), Members = replaced, MembershipIndex = new LogIndex(9),
        };
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(late, renewed));
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(renewed, late));
        Refused(PeerVerdict.Incarnation, knowing, old, "a replaced directory cannot take its predecessor's place");
        Refused(PeerVerdict.Incarnation, old, knowing, "start on an empty one");
    }

    /// <summary>raft-design I6: what a member cannot understand it must not be sent.</summary>
    [Fact]
    public void A_build_that_does_not_know_the_clusters_feature_level_is_refused_on_both_sides()
    {
        var ahead = Hellos.From(1, to: 2) with { FeatureLevel = 2 };
        var old = Hellos.From(2, to: 1) with { FeatureLevelMax = 1 };
        Refused(PeerVerdict.FeatureLevel, ahead, old, "knows levels up to 1");
        Refused(PeerVerdict.FeatureLevel, old, ahead, "its cluster is at feature level 2");
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(ahead with { FeatureLevel = 1 }, old));
    }

    [Fact]
    public void Empty_nodes_are_introduced_and_not_linked()
    {
        var (mine, theirs) = (Hellos.Empty(1, to: 2), Hellos.Empty(2, to: 1));
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(mine, theirs));
        Assert.Equal(
            PeerVerdict.NotReady,
            HandshakeRules.Check(mine, theirs with { Channel = PeerChannel.Link }));
    }

    [Fact]
    public void Nodes_that_list_different_nodes_found_nothing_together()
    {
        var theirs = Hellos.Empty(2, to: 1) with { Members = [TestMember.Of(1, 0), TestMember.Of(2, 0)] };
        Refused(PeerVerdict.NodeLists, Hellos.Empty(1, to: 2), theirs, "it lists nodes 1, 2, this node 1, 2, 3");
    }

    /// <summary>raft-design M15: the refusal names what lets the node in.</summary>
    [Fact]
    public void An_empty_directory_under_a_members_id_is_refused_on_both_sides()
    {
        var member = Hellos.From(1, to: 2) with
        {
            Channel = PeerChannel.Introduction, KnownLeader = new NodeId(3),
        };
        var wiped = Hellos.Empty(2, to: 1) with { Self = TestMember.Of(2, 777) };
        const string Call = "POST /commands/members/replace?id=2 on the leader's admin port (node 3, 127.0.0.1:8083)";
        Refused(PeerVerdict.Incarnation, member, wiped, Call);
        Refused(PeerVerdict.Incarnation, wiped, member, Call);
        Refused(PeerVerdict.Incarnation, wiped, member, "a replaced directory cannot take its predecessor's place");
    }

    /// <summary>raft-design M9.</summary>
    [Fact]
    public void An_empty_directory_under_a_new_id_waits_to_be_let_in()
    {
        var member = Hellos.From(1, to: 4) with
        {
            Channel = PeerChannel.Introduction, KnownLeader = new NodeId(1),
        };
        var newcomer = Hellos.Empty(4, to: 1);
        const string Call = "POST /commands/members/add?id=4 on the leader's admin port (node 1, 127.0.0.1:8081)";
        Refused(PeerVerdict.NotAMember, member, newcomer, Call);
        Refused(PeerVerdict.NotAMember, newcomer, member, Call);
        var added = member with { Members = Hellos.Members(4), MembershipIndex = new LogIndex(9) };
        Assert.Equal(PeerVerdict.Accepted, HandshakeRules.Check(newcomer, added));
    }

    private static void Refused(PeerVerdict expected, PeerHello mine, PeerHello theirs, string explained)
    {
        Assert.Equal(expected, HandshakeRules.Check(mine, theirs));
        Assert.Contains(explained, HandshakeRules.Explain(expected, mine, theirs), StringComparison.Ordinal);
    }
}
