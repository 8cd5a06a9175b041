using Coord.Node.Hosting;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Node.Tests.Peers;

/// <summary>Links between nodes that show each other certificates (raft-design I5).</summary>
public sealed class PeerTlsTests : IDisposable
{
    private static readonly NodeId One = new(1);
    private static readonly NodeId Two = new(2);

    private readonly TestAuthority authority = new();
    private readonly ClusterConfig cluster = TestPeer.Cluster(2);

    [Fact]
    public void Nodes_found_a_cluster_and_talk_in_both_directions()
    {
        using var one = new TestPeer(cluster, 1, 101, tls: authority.Tls("node-1"));
        using var two = new TestPeer(cluster, 2, 102, tls: authority.Tls("node-2"));
        Assert.Equal(one.Found().ClusterId, two.Found().ClusterId);
        one.Begin();
        two.Begin();
        Assert.Equal(Two, one.Inbox.Next<PeerUp>().Peer);
        Assert.Equal(One, two.Inbox.Next<PeerUp>().Peer);

        var large = new byte[3_000_000];
        Random.Shared.NextBytes(large);
        one.Links.Send(Two, new ForwardedEntries([large]));
        one.Links.Send(Two, new ContactAnswer(1, new LogIndex(1), true));
        one.Links.Flush();
        two.Links.Send(One, new ContactAnswer(2, new LogIndex(2), true));
        two.Links.Flush();
        Assert.Equal(large, ((ForwardedEntries)two.Inbox.Next<FromPeer>().Message).Entries[0]);
        Assert.Equal(1, ((ContactAnswer)two.Inbox.Next<FromPeer>().Message).Id);
        Assert.Equal(2, ((ContactAnswer)one.Inbox.Next<FromPeer>().Message).Id);
    }

    /// <summary>raft-design E18: what failover rests on must hold with TLS too.</summary>
    [Fact]
    public void A_process_that_ended_is_known_to_be_gone()
    {
        var genesis = TestPeer.GenesisOf(cluster);
        using var one = new TestPeer(cluster, 1, 101, 1, genesis, authority.Tls("node-1")).Begin();
        var two = new TestPeer(cluster, 2, 102, 1, genesis, authority.Tls("node-2")).Begin();
        Assert.Equal(Two, one.Inbox.Next<PeerUp>().Peer);
        two.Dispose();
        Assert.Equal(Two, one.Inbox.Next<PeerProcessGone>().Peer);
    }

    [Fact]
    public void A_node_with_the_certificate_of_another_one_is_refused_on_both_sides()
    {
        var genesis = TestPeer.GenesisOf(cluster);
        using var one = new TestPeer(cluster, 1, 101, 1, genesis, authority.Tls("node-1")).Begin();
        using var two = new TestPeer(cluster, 2, 102, 1, genesis, authority.Tls("node-3")).Begin();
        one.LoggedUntil("its certificate is that of node 3");
        one.LoggedUntil("it says it is node 2, its certificate is that of 3");
    }

    [Fact]
    public void Certificates_of_another_authority_or_of_no_node_are_worth_nothing()
    {
        using var other = new TestAuthority();
        var genesis = TestPeer.GenesisOf(cluster);
        using var one = new TestPeer(cluster, 1, 101, 1, genesis, authority.Tls("node-1")).Begin();
        using (var two = new TestPeer(cluster, 2, 102, 1, genesis, other.Tls("node-2")).Begin())
            two.LoggedUntil("TLS: ");
        one.LoggedUntil("TLS: ");
        using var nobody = new TestPeer(cluster, 2, 102, 1, genesis, authority.Tls("somebody")).Begin();
        one.LoggedUntil("TLS: the certificate of the other side is no node's");
    }

    [Fact]
    public void A_node_without_certificates_gets_no_link_and_disturbs_nobody()
    {
        var genesis = TestPeer.GenesisOf(cluster);
        using var one = new TestPeer(cluster, 1, 101, 1, genesis, authority.Tls("node-1")).Begin();
        using (var plain = new TestPeer(cluster, 2, 102, 1, genesis).Begin())
        {
            plain.LoggedUntil("it does not answer like a node of a Coord cluster");
            one.LoggedUntil("TLS: ");
        }

        using var two = new TestPeer(cluster, 2, 102, 2, genesis, authority.Tls("node-2")).Begin();
        Assert.Equal(2, one.Inbox.Next<PeerUp>().StartNumber);
    }

    /// <summary>Links that stand go on; the next one is made with the certificate of the day.</summary>
    [Fact]
    public void A_renewed_certificate_is_used_for_the_next_link()
    {
        using var old = new TestAuthority();
        var genesis = TestPeer.GenesisOf(cluster);
        var credentials = old.Credentials("node-1");
        using var one = new TestPeer(
            cluster, 1, 101, 1, genesis, new PeerTls(() => Volatile.Read(ref credentials))).Begin();
        using var two = new TestPeer(cluster, 2, 102, 1, genesis, authority.Tls("node-2")).Begin();
        one.LoggedUntil("TLS: ");
        Volatile.Write(ref credentials, authority.Credentials("node-1"));
        Assert.Equal(Two, one.Inbox.Next<PeerUp>().Peer);
        Assert.Equal(One, two.Inbox.Next<PeerUp>().Peer);
    }

    public void Dispose() => authority.Dispose();
}
