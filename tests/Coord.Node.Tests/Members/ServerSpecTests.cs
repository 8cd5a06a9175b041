using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Members;

public sealed class ServerSpecTests
{
    [Theory]
    [InlineData("server.4=10.0.0.4:2888:3888:participant;2181", true, "10.0.0.4:2181")]
    [InlineData("server.4=10.0.0.4:2888:3888;2181", true, "10.0.0.4:2181")]
    [InlineData("server.4=10.0.0.4:2888:3888:observer;10.1.0.4:2181", false, "10.1.0.4:2181")]
    public void A_server_is_read_as_ZooKeeper_writes_it(string text, bool votes, string client)
    {
        Assert.True(ServerSpec.TryParse(text, out var server));
        Assert.Equal(new NodeId(4), server.Id);
        Assert.Equal(new NodeAddress("10.0.0.4", 2888), server.Peer);
        Assert.Equal((3888, votes, client), (server.ElectionPort, server.Votes, server.Client.ToString()));
    }

    [Fact]
    public void Hosts_may_be_names_or_addresses_in_brackets()
    {
        Assert.True(ServerSpec.TryParse("server.1=node1.example:2888:3888;2181", out var named));
        Assert.Equal("node1.example:2181", named.Client.ToString());
        Assert.True(ServerSpec.TryParse("server.1=[::1]:2888:3888:participant;[::1]:2181", out var bracketed));
        Assert.Equal(("[::1]:2888", "[::1]:2181"), (bracketed.Peer.ToString(), bracketed.Client.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4=10.0.0.4:2888:3888;2181")]
    [InlineData("server.x=10.0.0.4:2888:3888;2181")]
    [InlineData("server.0=10.0.0.4:2888:3888;2181")]
    [InlineData("server.4=10.0.0.4:2888;2181")]
    [InlineData("server.4=10.0.0.4:2888:3888")]
    [InlineData("server.4=10.0.0.4:2888:3888;")]
    [InlineData("server.4=10.0.0.4:2888:3888:leader;2181")]
    [InlineData("server.4=10.0.0.4:2888:99999;2181")]
    [InlineData("server.4=10.0.0.4:2888:2888:participant;2181")]
    [InlineData("server.4=10.0.0.4:2888:3888:participant:more;2181")]
    [InlineData("server.4=10.0.0.4:2888:3888:participant;2181;2182")] // ZooKeeper 3.10: 3.9 refuses it too.
    [InlineData("server.4=10.0.0.4:2888:3888:participant;10.0.0.4:2181;10.0.0.4:2182")]
    [InlineData("server.4=10.0.0.4:2888:3888:participant;;2182")]
    public void A_server_without_all_it_needs_is_refused(string text) =>
        Assert.False(ServerSpec.TryParse(text, out _));

    [Fact]
    public void A_list_names_each_server_once()
    {
        const string Four = "server.4=10.0.0.4:2888:3888;2181";
        Assert.True(ServerSpec.TryParseAll($"{Four}, server.5=10.0.0.5:2888:3888;2181", out var two));
        Assert.Equal([4, 5], two.Select(server => server.Id.Value));
        Assert.False(ServerSpec.TryParseAll($"{Four},{Four}", out _));
        Assert.True(ServerSpec.TryParseAll("", out var none));
        Assert.Empty(none);
    }

    [Fact]
    public void Leaving_servers_are_numbers_separated_by_commas()
    {
        Assert.True(ServerSpec.TryParseIds("3, 4,3", out var ids));
        Assert.Equal([3, 4], ids.Select(id => id.Value));
        Assert.False(ServerSpec.TryParseIds("3,four", out _));
    }
}
