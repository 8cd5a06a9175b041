using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Where a client looks for its cluster (client-sdk.md 3.3).</summary>
public sealed class EndpointTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2) { Features = "session-proof" };

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task The_members_that_a_cluster_publishes_are_followed()
    {
        Publish("server.1=127.0.0.1:1:2:participant;" + cluster.Addresses[0] + "\nserver.2=127.0.0.1:3:4;"
            + cluster.Addresses[1] + "\nversion=100000000");
        await using var coord = new CoordClient(cluster.Addresses[0]);
        await ReadMembersAsync(coord);

        cluster.Remove(0);
        await coord.SyncAsync().Soon();

        Assert.Equal(SessionState.Connected, coord.State);
    }

    /// <summary>Behind a load balancer members publish what nobody out here can reach.</summary>
    [Fact]
    public async Task Members_are_left_alone_when_the_address_connected_to_is_none_of_them()
    {
        Publish("server.1=10.0.0.1:1:2:participant;10.0.0.1:2181\nserver.2=10.0.0.2:1:2:participant;10.0.0.2:2181");
        await using var coord = new CoordClient(cluster.Addresses[0]);
        var session = await coord.ConnectAsync().Soon();
        await ReadMembersAsync(coord);

        cluster.CutAll();
        await coord.SyncAsync().Soon();

        Assert.Same(session, coord.Session);
    }

    [Fact]
    public async Task Plain_ZooKeeper_is_not_asked_for_its_members()
    {
        using var plain = new ScriptedCluster();
        await using var coord = new CoordClient(plain.ConnectionString);
        await coord.ConnectAsync().Soon();
        await coord.SyncAsync().Soon();

        Assert.Equal(1, plain.SeenOf(OpCode.GetData));
    }

    [Fact]
    public async Task A_source_takes_the_place_of_the_connection_string()
    {
        var lists = Channel.CreateUnbounded<IReadOnlyList<Endpoint>>();
        var options = new CoordClientOptions { EndpointSource = ct => lists.Reader.ReadAllAsync(ct) };
        await using var coord = new CoordClient(cluster.Addresses[0], options);
        await coord.ConnectAsync().Soon();
        cluster.Remove(0);
        var waiting = coord.SyncAsync().Soon();

        lists.Writer.TryWrite([]);
        lists.Writer.TryWrite([EndpointOf(cluster.Addresses[1])]);

        await waiting;
    }

    [Fact]
    public async Task A_source_that_throws_is_asked_again()
    {
        var asked = 0;
        var options = new CoordClientOptions
        {
            Retry = new RetryOptions { MaxDelay = TimeSpan.FromMilliseconds(50) },
            EndpointSource = ct => ++asked < 3
                ? throw new InvalidOperationException("no such service yet") : One(cluster.Addresses[1], ct),
        };
        cluster.Remove(0);
        await using var coord = new CoordClient(cluster.Addresses[0], options);

        await coord.ConnectAsync().Soon();

        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData("server.1=a:1:2:participant;b:3", "b:3")]
    [InlineData("server.1=a:1:2;0.0.0.0:3", "a:3")]
    [InlineData("server.1=[fe80::1]:1:2:participant;3", "[fe80::1]:3")]
    [InlineData("server.1=a:1:2:participant;[::2]:3\nserver.2=b:1:2;4\r\nversion=0", "[::2]:3,b:4")]
    [InlineData("server.1=a:1:2:participant\nserver.2;=1\nserver.3=a:1:2;x\nserver.4=a:1:2;0\n;", "")]
    public void Addresses_are_read_from_the_published_members(string config, string expected)
    {
        Assert.Equal(expected, string.Join(',', MemberList.Read(Encoding.UTF8.GetBytes(config))));
    }

    [Fact]
    public void A_round_tries_what_was_learned_before_what_was_given_and_goes_on_behind_the_last_good_one()
    {
        var list = new EndpointList([new Endpoint("given", 1), new Endpoint("both", 1)]);
        Assert.Equal(2, list.Count);

        list.Learn([new Endpoint("both", 1), new Endpoint("learned", 1)]);
        var round = new[] { list.Next(), list.Next(), list.Next() };
        Assert.Equal("given", round[2].Host);
        Assert.Equal(round[0], list.Next());
        list.Connected();

        Assert.Equal([round[1], round[0], round[2]], new[] { list.Next(), list.Next(), list.Next() });
    }

    private static Endpoint EndpointOf(string address) => ConnectionString.Parse(address).Endpoints[0];

    private static async IAsyncEnumerable<IReadOnlyList<Endpoint>> One(
        string address, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        ct.ThrowIfCancellationRequested();
        yield return [EndpointOf(address)];
    }

    private void Publish(string config) => cluster.Edit(tree =>
    {
        var (system, path) = ("/zookeeper", "/zookeeper/config");
        tree.Create(ref system, [], CreateMode.Persistent, 0);
        tree.Create(ref path, Encoding.UTF8.GetBytes(config), CreateMode.Persistent, 0);
    });

    /// <summary>Ends when the client has been answered what the members are.</summary>
    private async Task ReadMembersAsync(CoordClient coord)
    {
        do
            await coord.SyncAsync().Soon();
        while (cluster.SeenOf(OpCode.GetData) < 2);
        await coord.SyncAsync().Soon();
    }
}
