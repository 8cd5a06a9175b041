using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Coord.Node.Admin;
using Coord.Node.Clients;
using Coord.Node.Hosting;
using Coord.Node.Tests.Admin;
using Coord.Node.Tests.Audit;
using Coord.Node.Tests.Members;
using Coord.Node.Tests.Peers;
using Coord.Raft;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Hosting;

/// <summary>The two ports of a node on Kestrel's sockets, over loopback.</summary>
public sealed class PortsTests
{
    private static readonly BlockPool Memory = new(keptMax: 100);

    private readonly NodeSettings settings = new(new NodeId(1), TestPeer.Cluster(1), "", NodeLimits.Default)
    {
        Ports = new NodePorts("cluster.json: nodes[0].client", "cluster.json: nodes[0].peer", "--nodes:0:admin"),
    };

    [Fact]
    public async Task Health_and_readiness_are_different_questions()
    {
        var status = new StatusCell(NodeStatus.Starting with { NotReadyBecause = "not yet: 2, 3" });
        using var server = await AdminAsync(status);
        using var http = Client();
        Assert.Equal("ok\n", await http.GetStringAsync("/livez"));
        var waiting = await http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.StatusCode);
        Assert.Equal("not yet: 2, 3\n", await waiting.Content.ReadAsStringAsync());
        status.Current = new NodeStatus();
        Assert.Equal("ok\n", await http.GetStringAsync("/readyz"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/other")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.PostAsync("/livez", null)).StatusCode);
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Figures_and_commands_are_served_over_http()
    {
        using var server = await AdminAsync(new StatusCell(TestFacts.Leader));
        using var http = Client();
        var metrics = ExpositionPage.Parse(await http.GetStringAsync("/metrics"));
        Assert.Equal(5, metrics["znode_count"].Samples["znode_count"]);
        using var stats = JsonDocument.Parse(await http.GetStringAsync("/commands/stats"));
        Assert.Equal("leader", stats.RootElement.GetProperty("server_stats").GetProperty("server_state").GetString());
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var forbidden = await http.GetAsync("/commands/stat_reset");
        Assert.Equal(HttpStatusCode.Unauthorized, forbidden.StatusCode);
        using var shed = new HttpRequestMessage(HttpMethod.Post, "/commands/shed")
        {
            Content = new StringContent(new string(' ', 10_000)),
        };
        shed.Headers.TryAddWithoutValidation("Authorization", "digest " + TestFacts.Credentials);
        using var tooLong = await http.SendAsync(shed);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_raft_report_shows_where_the_node_stands()
    {
        var status = new NodeStatus
        {
            Id = new NodeId(1),
            Role = NodeRole.Leader,
            Term = 7,
            Leader = new NodeId(1),
            CommitIndex = 90,
            AppliedIndex = 89,
            DurableIndex = 91,
            LastIndex = 92,
            SnapshotIndex = 50,
            Digest = 0xabc,
            DigestIndex = 89,
            FeatureLevel = 1,
            RecoveringBecause = "log: a flipped bit",
            IsStorageFull = true,
            SnapshotBytes = 4096,
            Membership = new MembershipStatus
            {
                Index = new LogIndex(77),
                Members = [TestMember.Of(1, 101), TestMember.Of(2, 102)],
                Voters = [new NodeId(1)],
                Learners = [new NodeId(2)],
            },
            Peers =
            [
                new PeerProgressStatus(new NodeId(2), true, "replicate", 88, 4)
                {
                    IsLearner = true, IsRecovering = true, Silence = TimeSpan.FromMilliseconds(30),
                },
            ],
        };
        using var server = await AdminAsync(new StatusCell(status));
        using var http = Client();
        using var report = JsonDocument.Parse(await http.GetStringAsync("/commands/raft"));
        var root = report.RootElement;
        Assert.Equal("leader", root.GetProperty("role").GetString());
        Assert.Equal(7, root.GetProperty("term").GetInt64());
        Assert.Equal(1, root.GetProperty("leader").GetInt32());
        Assert.Equal(90, root.GetProperty("commit_index").GetInt64());
        Assert.Equal("00000000000000000000000000000abc", root.GetProperty("digest").GetString());
        Assert.Equal(89, root.GetProperty("digest_index").GetInt64());
        var peer = root.GetProperty("peers")[0];
        Assert.Equal((2, 4), (peer.GetProperty("node_id").GetInt32(), peer.GetProperty("lag").GetInt32()));
        Assert.Equal("learner", peer.GetProperty("role").GetString());
        Assert.Equal(30, peer.GetProperty("silent_ms").GetInt32());
        Assert.True(peer.GetProperty("recovering").GetBoolean());
        Assert.Equal("log: a flipped bit", root.GetProperty("recovering_because").GetString());
        Assert.True(root.GetProperty("storage_full").GetBoolean());
        Assert.Equal((50, 4096), (
            root.GetProperty("last_snapshot").GetProperty("index").GetInt32(),
            root.GetProperty("last_snapshot").GetProperty("bytes").GetInt32()));
        var membership = root.GetProperty("membership");
        Assert.Equal(77, membership.GetProperty("index").GetInt32());
        Assert.Equal("[1] [2] []", string.Join(' ', new[] { "voters", "learners", "outgoing_voters" }
            .Select(name => membership.GetProperty(name).GetRawText())));
        Assert.Equal("127.0.0.1:8082", membership.GetProperty("members")[1].GetProperty("admin").GetString());
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_client_port_hands_over_bare_connections()
    {
        using var server = await ClientPortAsync(EchoAsync);
        using var client = new TcpClient(settings.Self.Client.Host, settings.Self.Client.Port);
        client.GetStream().Write("hello"u8);
        var answer = new byte[5];
        await client.GetStream().ReadExactlyAsync(answer);
        Assert.Equal("hello", Encoding.UTF8.GetString(answer));

        // By default its memory is that of a pool which keeps little of what thousands of connections give back.
        Assert.NotEqual(0, Memory.Rented + Memory.Free);
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_connection_that_breaks_an_assumption_takes_no_other_with_it()
    {
        var count = 0;
        using var server = await ClientPortAsync(connection => Interlocked.Increment(ref count) == 1
            ? throw new InvalidOperationException("unforeseen")
            : EchoAsync(connection));
        using var first = new TcpClient(settings.Self.Client.Host, settings.Self.Client.Port);
        Assert.Equal(0, await first.GetStream().ReadAsync(new byte[1]));

        using var second = new TcpClient(settings.Self.Client.Host, settings.Self.Client.Port);
        second.GetStream().Write("hello"u8);
        await second.GetStream().ReadExactlyAsync(new byte[5]);
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_port_that_closes_waits_for_its_connections_and_then_cuts_them_off()
    {
        var begun = new TaskCompletionSource();
        using var server = await ClientPortAsync(async connection =>
        {
            begun.SetResult();
            await connection.Transport.Input.ReadAsync();
        });
        using var client = new TcpClient(settings.Self.Client.Host, settings.Self.Client.Port);
        await begun.Task;
        using var patience = new CancellationTokenSource();
        var stopping = server.StopAsync(patience.Token);
        Assert.False(stopping.IsCompleted);

        await patience.CancelAsync();
        await stopping;
        var end = await Record.ExceptionAsync(
            async () => Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1])));
        Assert.True(end is null or IOException);
    }

    [Fact]
    public async Task A_client_port_in_use_is_told_too()
    {
        using var taken = new TcpListener(settings.Self.Client.Resolve());
        taken.Start();
        var failure = await Assert.ThrowsAsync<SettingsException>(() => ClientPortAsync(EchoAsync));
        Assert.Equal(
            "cluster.json: nodes[0].client: the port is in use; stop the program that holds it, or give this node "
            + "another one",
            failure.Message);
    }

    [Fact]
    public async Task A_port_that_cannot_accept_any_more_says_so_and_still_closes()
    {
        var log = new ListLogger();
        using var port = await ClientListener.StartAsync(
            new BrokenListener(), settings.Self.Client.Resolve(), new PoolPace(1), EchoAsync, log);
        Assert.Equal(
            [$"{settings.Self.Client.Resolve()}: accepts no connections any more, by an error of this node"],
            log.Spaced);
        await port.StopAsync(CancellationToken.None);
    }

    private sealed class BrokenListener : IConnectionListenerFactory, IConnectionListener
    {
        public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken)
        {
            EndPoint = endpoint;
            return new(this);
        }

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("unforeseen");

        public ValueTask UnbindAsync(CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }

    private Task<ClientListener> ClientPortAsync(Func<ConnectionContext, Task> serve, BlockPool? memory = null) =>
        HttpServers.StartClientPortAsync(
            settings.Self.Client, settings.Ports.Client, serve, takesTls: false, settings.Limits, memory ?? Memory,
            NullLoggerFactory.Instance);

    // The replica loop hands thousands of events to the kernel itself, rather than to a queue of the thread pool.
    [Fact]
    public async Task What_is_flushed_to_a_client_without_tls_is_sent_when_the_flush_returns()
    {
        var memory = new BlockPool(keptMax: 100);
        var sent = new TaskCompletionSource<long>();
        using var server = await ClientPortAsync(SendAsync, memory);
        using var client = new TcpClient(settings.Self.Client.Host, settings.Self.Client.Port);
        Assert.InRange(await sent.Task, 0, 1);
        await server.StopAsync(CancellationToken.None);

        async Task SendAsync(ConnectionContext connection)
        {
            var output = connection.Transport.Output;
            for (var block = 0; block < 3; block++)
                output.Advance(output.GetMemory(BlockPool.BlockBytes).Length);
            var flush = output.FlushAsync();
            sent.SetResult(memory.Rented); // Blocks come back when they are sent, all but the one written to.
            await flush;
        }
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        var read = await connection.Transport.Input.ReadAtLeastAsync(5);
        await connection.Transport.Output.WriteAsync(read.Buffer.First);
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_the_key_that_names_it()
    {
        using var taken = new TcpListener(settings.Self.Admin.Resolve());
        taken.Start();
        var failure = await Assert.ThrowsAsync<SettingsException>(() => AdminAsync(new StatusCell(new NodeStatus())));
        Assert.Equal(
            "--nodes:0:admin: the port is in use; stop the program that holds it, or give this node another one",
            failure.Message);
        Assert.Equal(failure.Message, Assert.Throws<SettingsException>(
            () => Ports.Try(settings.Self.Admin, "--nodes:0:admin")).Message);
    }

    [Theory]
    [InlineData("192.0.2.1", "not an address of this machine; name one of its own")]
    [InlineData("no-such-host.invalid", "the host name is not known here; name this machine or one of its addresses")]
    public void An_address_elsewhere_is_told(string host, string expected)
    {
        var failure = Assert.Throws<SettingsException>(() => Ports.Try(new NodeAddress(host, 2181), "cluster.json: x"));
        Assert.Equal($"cluster.json: x: {expected}", failure.Message);
    }

    private Task<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServer> AdminAsync(StatusCell status) =>
        HttpServers.StartAdminPortAsync(
            settings,
            new AdminApplication(
                new TestFacts().Facts with { Status = () => status.Current },
                new AdminOrders(() => null, superUser: null, () => status.Current), () => null),
            Memory,
            NullLoggerFactory.Instance);

    private HttpClient Client() => new() { BaseAddress = new Uri($"http://{settings.Self.Admin}") };
}
