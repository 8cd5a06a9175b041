using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Tests.Peers;

/// <summary>Who founds a cluster, and who never does (raft-design M14, M15).</summary>
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
                nodes[to.Value - 1].Learn(Hello(from.Value));
        }

        var genesis = nodes.Select(node => node.Wait(CancellationToken.None)!).ToArray();
        Assert.Equal([101, 102, 103], genesis[0].Members.Select(member => (int)member.Incarnation));
        Assert.All(genesis, other => Assert.Equal(genesis[0].ClusterId, other.ClusterId));
    }

    [Fact]
    public void Part_of_the_nodes_never_founds_a_cluster()
    {
        var node = Empty(1);
        node.Learn(Hello(2));
        Assert.Null(node.Wait(new CancellationToken(canceled: true)));
        Assert.EndsWith("not yet: 3", node.Waiting, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_stopped_just_before_takes_over_the_genesis_that_lists_it()
    {
        var genesis = Genesis.Of("dev", Three.Select(id => new Founder(id, (UInt128)(100 + id.Value))));
        var node = Empty(1);
        node.Learn(Hello(2) with { ClusterId = genesis.ClusterId, Members = genesis.Members });
        Assert.Equal(genesis.ClusterId, node.Wait(CancellationToken.None)!.ClusterId);
    }

    [Fact]
    public void A_replaced_directory_neither_joins_nor_founds()
    {
        var genesis = Genesis.Of("dev", Three.Select(id => new Founder(id, (UInt128)(900 + id.Value))));
        var node = Empty(1);
        node.Learn(Hello(2) with { ClusterId = genesis.ClusterId, Members = genesis.Members });
        node.Learn(Hello(2));
        node.Learn(Hello(3));
        Assert.Null(node.Wait(new CancellationToken(canceled: true)));
        Assert.Contains("replaced directory", node.Waiting, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_node_founds_its_cluster_alone() =>
        Assert.Single(new GenesisExchange(Identity(1), "dev", [new NodeId(1)]).Wait(CancellationToken.None)!.Members);

    [Fact]
    public void The_cluster_id_depends_on_name_ids_and_incarnations_and_not_on_order()
    {
        Founder[] members = [new(new NodeId(1), 11), new(new NodeId(2), 12)];
        var id = Genesis.Of("dev", members).ClusterId;
        Assert.Equal(id, Genesis.Of("dev", members.Reverse()).ClusterId);
        Assert.NotEqual(id, Genesis.Of("Dev", members).ClusterId);
        Assert.NotEqual(id, Genesis.Of("dev", [members[0], new Founder(new NodeId(2), 13)]).ClusterId);
        Assert.NotEqual(id, Genesis.Of("dev", [members[0], new Founder(new NodeId(3), 12)]).ClusterId);

        // SHA-256 of "dev", 01000000, 11 as 16 bytes, 02000000, 12 as 16 bytes: nodes of all versions must agree.
        Assert.Equal("b5ee630e2787ba4cae85ff52b756ced0", id.ToString("x32"));
    }

    private static GenesisExchange Empty(int id) => new(Identity(id), "dev", Three);

    private static ProcessIdentity Identity(int id) => new(new NodeId(id), (UInt128)(100 + id), StartNumber: 1);

    private static PeerHello Hello(int from) => new()
    {
        Channel = PeerChannel.Introduction,
        ClusterName = "dev",
        Node = new NodeId(from),
        Incarnation = (UInt128)(100 + from),
        StartNumber = 1,
        ExpectedPeer = new NodeId(1),
        Members = [.. Three.Select(id => new Founder(id, 0))],
    };
}
