using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Peers;

/// <summary>Who founds a cluster, who is let in, and who never is by itself (raft-design M14, M15).</summary>
public sealed class GenesisExchangeTests
{
    private static readonly NodeId[] Three = [new(1), new(2), new(3)];

    [Fact]
    public void A_cluster_begins_when_every_listed_node_was_there_once_and_all_compute_the_same()
    {
        var nodes = Three.Select(id => Empty(id.Value)).ToArray();
        foreach (var from in Three)
        {
            foreach (var to in Three.Where(to => to != from))
                Learn(nodes[to.Value - 1], to.Value, Hellos.Empty(from.Value, to.Value));
        }

        var genesis = nodes.Select(node => node.Wait(CancellationToken.None)!).ToArray();
        Assert.Equal(Hellos.Members(3), genesis[0].Members);
        Assert.All(genesis, other => Assert.Equal(genesis[0].ClusterId, other.ClusterId));
    }

    [Fact]
    public void Part_of_the_nodes_never_founds_a_cluster()
    {
        var node = Empty(1);
        Learn(node, 1, Hellos.Empty(2, to: 1));
        Assert.Null(node.Wait(new CancellationToken(canceled: true)));
        Assert.EndsWith("not yet: 3", node.Waiting, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_stopped_just_before_takes_over_the_genesis_that_lists_it()
    {
        var node = Empty(1);
        Learn(node, 1, Hellos.From(2, to: 1));
        Assert.Equal(Hellos.Began.ClusterId, node.Wait(CancellationToken.None)!.ClusterId);
    }

    [Fact]
    public void A_replaced_directory_neither_joins_nor_founds()
    {
        var node = new GenesisExchange(TestMember.Of(1, 999), "dev", Three);
        foreach (var theirs in new[] { Hellos.From(2, to: 1), Hellos.Empty(2, to: 1), Hellos.Empty(3, to: 1) })
            node.Learn(Hellos.Empty(1, to: theirs.Node.Value) with { Self = TestMember.Of(1, 999) }, theirs);
        Assert.Null(node.Wait(new CancellationToken(canceled: true)));
        Assert.Contains("waiting to be let in", node.Waiting, StringComparison.Ordinal);
        Assert.Contains("POST /commands/members/replace?id=1", node.Waiting, StringComparison.Ordinal);
    }

    /// <summary>raft-design M9: what it takes over is how the cluster began, without itself.</summary>
    [Fact]
    public void A_new_node_waits_until_the_members_list_it()
    {
        var node = new GenesisExchange(TestMember.Of(4, 104), "dev", [.. Three, new(4)]);
        Learn(node, 4, Hellos.From(2, to: 4));
        Assert.Null(node.Wait(new CancellationToken(canceled: true)));
        Assert.Contains("POST /commands/members/add?id=4", node.Waiting, StringComparison.Ordinal);
        var listed = Hellos.From(3, to: 4) with { MembershipIndex = new LogIndex(9), Members = Hellos.Members(4) };
        Learn(node, 4, listed with { Members = [.. Hellos.Members(3), TestMember.Of(4, 999)] });
        Assert.Null(node.Wait(new CancellationToken(canceled: true)));
        Learn(node, 4, listed);
        var genesis = node.Wait(CancellationToken.None)!;
        Assert.Equal(Hellos.Began.ClusterId, genesis.ClusterId);
        Assert.Equal(Hellos.Members(3), genesis.Members);
    }

    [Fact]
    public void A_single_node_founds_its_cluster_alone() => Assert.Single(
        new GenesisExchange(TestMember.Of(1, 101), "dev", [new NodeId(1)]).Wait(CancellationToken.None)!.Members);

    [Fact]
    public void The_cluster_id_depends_on_name_ids_and_incarnations_and_not_on_order_or_addresses()
    {
        Member[] members = [TestMember.Of(1, 11), TestMember.Of(2, 12)];
        var id = Genesis.Of("dev", members).ClusterId;
        Assert.Equal(id, Genesis.Of("dev", members.Reverse()).ClusterId);
        Assert.Equal(id, Genesis.Of("dev", [members[0] with { Peer = members[1].Peer }, members[1]]).ClusterId);
        Assert.NotEqual(id, Genesis.Of("Dev", members).ClusterId);
        Assert.NotEqual(id, Genesis.Of("dev", [members[0], TestMember.Of(2, 13)]).ClusterId);
        Assert.NotEqual(id, Genesis.Of("dev", [members[0], TestMember.Of(3, 12)]).ClusterId);

        // SHA-256 of "dev", 01000000, 11 as 16 bytes, 02000000, 12 as 16 bytes: nodes of all versions must agree.
        Assert.Equal("b5ee630e2787ba4cae85ff52b756ced0", id.ToString("x32"));
    }

    private static GenesisExchange Empty(int id) => new(TestMember.Of(id, (UInt128)(100 + id)), "dev", Three);

    private static void Learn(GenesisExchange node, int id, PeerHello from) =>
        node.Learn(Hellos.Empty(id, to: from.Node.Value), from);
}
