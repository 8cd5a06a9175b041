using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Node.Tests.Peers;

/// <summary>Links follow the membership of the log, not the file that a node was started with.</summary>
public sealed class ChangingMembersTests
{
    private static readonly NodeId One = new(1);
    private static readonly NodeId Two = new(2);
    private static readonly NodeId Three = new(3);
    private readonly ClusterConfig cluster = TestPeer.Cluster(3);

    /// <summary>raft-design M12, thesis 4.1: a node that this one has not heard of may be its next leader.</summary>
    [Fact]
    public void A_node_that_greets_as_one_of_the_cluster_is_linked_back_where_it_says_it_is()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis).Begin();
        using var three = new TestPeer(cluster, 3, 103, 1, genesis)
        {
            Members = Listed(1, 2, 3), MembershipIndex = new(9),
        }.Begin();
        Assert.Equal(Three, one.Inbox.Next<PeerUp>(up => up.Peer == Three).Peer);
        one.Links.Send(Three, new ContactAnswer(1, default, true));
        one.Links.Flush();
        Assert.Equal(One, three.Inbox.Next<FromPeer>().From);
    }

    /// <summary>raft-design M11: it is told once more what there is to tell, then left alone.</summary>
    [Fact]
    public void A_member_that_is_added_gets_a_link_and_one_that_is_removed_loses_it()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis).Begin();
        using var two = new TestPeer(Only(One, Two), 2, 102, 1, genesis).Begin();
        one.Inbox.Next<PeerUp>(up => up.Peer == Two);
        using var three = new TestPeer(cluster, 3, 103, 1, genesis).Begin();
        three.Links.SetMembers(Listed(1, 2, 3));
        one.Links.SetMembers(Listed(1, 2, 3));
        one.Inbox.Next<PeerUp>(up => up.Peer == Three);
        two.Dispose();
        one.Links.SetMembers(Listed(1, 3));
        one.Inbox.Next<PeerDown>(down => down.Peer == Two);
        one.Links.Send(Three, new ContactAnswer(1, default, true));
        one.Links.Flush();
        three.Inbox.Next<FromPeer>();
    }

    /// <summary>
    /// raft-design I3: the process before it must not be taken for this one, whatever their start numbers.
    /// </summary>
    [Fact]
    public void A_member_with_another_disk_is_another_peer()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis).Begin();
        using (var two = new TestPeer(Only(One, Two), 2, 102, start: 7, genesis).Begin())
            Assert.Equal(7, one.Inbox.Next<PeerUp>().StartNumber);
        var replaced = Listed(1, 2);
        replaced[1] = replaced[1] with { Incarnation = 777 };
        using var renewed = new TestPeer(Only(One, Two), 2, 777, start: 1, genesis)
        {
            Members = replaced, MembershipIndex = new(9),
        }.Begin();
        Assert.Equal(1, one.Inbox.Next<PeerUp>().StartNumber);
        renewed.Inbox.Next<PeerUp>();
        one.Links.SetMembers(replaced);
        renewed.Links.Send(One, new ContactAnswer(3, default, true));
        renewed.Links.Flush();
        Assert.Equal(Two, one.Inbox.Next<FromPeer>().From);
    }

    /// <summary>raft-design P30: until the leader hears of it in a handshake, the node counts for nothing.</summary>
    [Fact]
    public void A_node_that_counts_again_says_so_in_new_handshakes()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis).Begin();
        using var two = new TestPeer(Only(One, Two), 2, 102, 1, genesis) { IsRecovering = true }.Begin();
        Assert.True(one.Inbox.Next<PeerUp>().IsRecovering);
        two.Inbox.Next<PeerUp>();
        two.Links.Reconnect();
        Assert.False(one.Inbox.Next<PeerUp>().IsRecovering);
        Assert.Equal(One, two.Inbox.Next<PeerUp>().Peer);
    }

    /// <summary>
    /// raft-design I6: the leader raises the level once every member has said that it knows the next.
    /// </summary>
    [Fact]
    public void A_link_tells_which_feature_level_its_peer_knows()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis).Begin();
        using var two = new TestPeer(Only(One, Two), 2, 102, 1, genesis).Begin();
        Assert.Equal(FeatureLevels.Max, one.Inbox.Next<PeerUp>().FeatureLevelMax);
    }

    /// <summary>raft-design M9, M14: every member hears of a newcomer, the leader among them.</summary>
    [Fact]
    public void A_waiting_node_is_known_to_the_members_and_joins_when_they_list_it()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var newcomer = new TestPeer(Only(One, Three), 3, 103);
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis).Begin();
        using var two = new TestPeer(Only(One, Two), 2, 102, 1, genesis).Begin();
        var introduced = one.Inbox.Next<NodeIntroduced>().Node;
        Assert.Equal((Three, (UInt128)103, cluster.Node(Three).Peer),
            (introduced.Id, introduced.Incarnation, introduced.Peer));

        // Its cluster.json does not list node 2: it heard of it from node 1.
        Assert.Equal(introduced, two.Inbox.Next<NodeIntroduced>().Node);
        two.NowListed(Listed(1, 2, 3), new LogIndex(9));
        Assert.Equal(genesis.ClusterId, newcomer.Found().ClusterId);
        newcomer.Begin();
        Assert.Equal(Three, two.Inbox.Next<PeerUp>(up => up.Peer == Three).Peer);
    }

    /// <summary>raft-design M15: and the members log what would let it in.</summary>
    [Fact]
    public void A_wiped_member_is_known_to_the_members_by_its_new_directory()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis) { KnownLeader = One }.Begin();
        using var wiped = new TestPeer(Only(One, Two), 2, 777);
        Assert.Equal((UInt128)777, one.Inbox.Next<NodeIntroduced>().Node.Incarnation);
        one.LoggedUntil("POST /commands/members/replace?id=2 on the leader's admin port (node 1,");
        wiped.LoggedUntil("POST /commands/members/replace?id=2 on the leader's admin port (node 1,");
    }

    [Fact]
    public void A_node_whose_settings_say_other_addresses_than_the_cluster_knows_says_so()
    {
        var genesis = TestPeer.GenesisOf(Only(One, Two));
        using var one = new TestPeer(Only(One, Two), 1, 101, 1, genesis).Begin();
        var moved = Listed(1, 2);
        moved[0] = moved[0] with { Client = new NodeAddress("elsewhere", 2181) };
        one.Links.SetMembers(moved);
        one.LoggedUntil("client elsewhere:2181");
    }

    private ClusterConfig Only(params NodeId[] ids) =>
        cluster with { Nodes = [.. cluster.Nodes.Where(node => ids.Contains(node.Id))] };

    private Member[] Listed(params int[] ids) =>
        [.. ids.Select(id => PeerSelf.MemberOf(cluster.Node(new(id)), (UInt128)(100 + id)))];
}
