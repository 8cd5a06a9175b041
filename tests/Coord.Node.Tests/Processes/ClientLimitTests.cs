using System.Diagnostics;

namespace Coord.Node.Tests.Processes;

/// <summary>Limits of the client port, at the limit and over it (docs/operate/limits.md).</summary>
public sealed class ClientLimitTests
{
    private const int MarshallingError = -5;

    [Theory]
    [InlineData("--zookeeper:maxClientCnxns=3", "3 of one address")]
    [InlineData("--zookeeper:maxCnxns=3", "at most 3 connections")]
    public void As_many_connections_as_allowed_are_served_and_the_next_is_closed(string setting, string told)
    {
        using var node = NodeProcess.Dev(out var ports, setting);
        using var first = new RawClient(ports.Client).Handshake();
        using var second = new RawClient(ports.Client).Handshake();
        var third = new RawClient(ports.Client).Handshake();
        using (var fourth = new RawClient(ports.Client))
            Assert.Empty(fourth.ReceiveToEnd());
        node.WaitFor(told);

        // A place that is left is free again.
        Assert.Equal(0, third.Request(1, -11));
        Assert.Empty(third.ReceiveToEnd());
        third.Dispose();
        Assert.Equal(0, first.Create(1, "/served"));
        LaunchedCluster.Until("a place is free", () => RawClient.Ask(ports.Client, "ruok") == "imok");
        using var next = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, next.Create(1, "/served-too"));
    }

    // Danger: the process needs one more file than it may open, for its log or for itself, and ends.
    [Fact]
    public void More_connections_than_the_process_may_open_files_cost_it_nothing()
    {
        const int Files = 400;
        var ports = NodePair.Free();
        using var node = NodeProcess.Dev(ports, Files);
        node.WaitFor("At most 144 connections of clients");
        var clients = Enumerable.Range(0, Files).Select(_ => new RawClient(ports.Client)).ToList();
        node.WaitFor("refused; at most 144 connections");
        clients.ForEach(client => client.Dispose());

        LaunchedCluster.Until("there is room again", () => RawClient.Ask(ports.Client, "ruok") == "imok");
        using var next = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, next.Create(1, "/served"));
    }

    [Fact]
    public void A_list_of_children_is_sent_up_to_the_longest_reply()
    {
        const int Limit = 65_536;
        const int NameBytes = 1_020; // With its length 1,024: 63 of them and their count fit, 64 do not.
        using var node = NodeProcess.Dev(out var ports, $"--limits:replyBytesMax={Limit}");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Create(1, "/many"));
        for (var i = 0; i < 63; i++)
            Assert.Equal(0, client.Create(2, $"/many/{i:d2}{new string('n', NameBytes - 2)}"));
        Assert.Equal(63, client.Children(3, "/many").Length);
        Assert.Equal(0, client.Create(4, $"/many/63{new string('n', NameBytes - 2)}"));
        Assert.Equal(MarshallingError, client.Request(5, 8, [.. RawClient.Text("/many"), 1]));

        // No watch was set, and the connection stays: each next frame is a reply.
        Assert.Equal(0, client.Create(6, "/many/one-more"));
        Assert.Equal(0, client.Request(7, 3, [.. RawClient.Text("/many"), 0]));
    }

    /// <summary>zookeeper-protocol 7.2: silence beyond its timeout ends a session and its connection.</summary>
    [Fact]
    public void A_connection_without_traffic_is_closed_with_its_session()
    {
        // Long enough for a machine that stands still for a while between a handshake and its first request.
        const int TimeoutMs = 4_000;
        using var node = NodeProcess.Dev(out var ports);
        using var busy = new RawClient(ports.Client).Handshake(timeoutMs: 10 * TimeoutMs);
        using var silent = new RawClient(ports.Client).Handshake(TimeoutMs);
        var since = Stopwatch.StartNew();
        Assert.Equal(0, silent.Create(1, "/gone", flags: 1));
        while (busy.Request(1, 3, [.. RawClient.Text("/gone"), 0]) == 0)
            Assert.True(since.Elapsed < NodeProcess.Patience);
        Assert.True(since.ElapsedMilliseconds >= TimeoutMs, $"{since.ElapsedMilliseconds} ms");
        Assert.Empty(silent.ReceiveToEnd());
    }

    /// <summary>What a client left unread when its connection was closed is kept for it for a while only.</summary>
    [Fact]
    public void Who_does_not_read_what_it_was_sent_is_cut_off_in_the_end()
    {
        using var node = NodeProcess.Dev(out var ports, "--limits:clientLingerTimeoutMs=300");
        using var lazy = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, lazy.Create(1, "/large", 1_000_000));
        for (var xid = 2; xid < 14; xid++)
            lazy.SendFrame([.. RawClient.I32(xid), .. RawClient.I32(4), .. RawClient.Text("/large"), 0]);
        using var taken = new RawClient(ports.Client).Handshake(session: lazy.Session);
        Assert.Equal(0, taken.Request(1, -11));
        Assert.Empty(taken.ReceiveToEnd());
        LaunchedCluster.Until("its socket is closed", () => !lazy.IsHeldByServer);
        Assert.True(lazy.ReceiveToEnd().Length < 12 * 1_000_000);
    }

    /// <summary>Many that stay below their own limits are too much together: those who do not read go.</summary>
    [Fact]
    public void Where_memory_is_short_who_does_not_read_is_cut_off_and_who_reads_stays()
    {
        using var node = NodeProcess.Dev(out var ports, "--limits:clientMemoryMax=8388608");
        using var good = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, good.Create(1, "/large", 1_000_000));
        var greedy = Enumerable.Range(0, 20).Select(_ => new RawClient(ports.Client).Handshake()).ToList();
        try
        {
            var xid = 2;
            foreach (var client in greedy)
            {
                AskMuch(client);
                Assert.Equal(0, good.Request(xid++, 4, [.. RawClient.Text("/large"), 0]));
            }

            node.WaitFor("connections take over 8388608 (limits:clientMemoryMax)");
            LaunchedCluster.Until("some are gone", () => !RawClient.Ask(ports.Client, "srvr")
                .Contains("Connections: 22\n", StringComparison.Ordinal));
            Assert.Equal(0, good.Request(xid, 4, [.. RawClient.Text("/large"), 0]));
            Assert.True(node.ResidentBytes < 256L * 1024 * 1024, $"{node.ResidentBytes} bytes");
        }
        finally
        {
            greedy.ForEach(client => client.Dispose());
        }
    }

    // Danger: who asks and reads at that moment is the only one of whom bytes are counted, and goes in their place.
    [Fact]
    public void Where_memory_is_short_who_does_not_send_the_rest_of_a_request_is_cut_off()
    {
        using var node = NodeProcess.Dev(out var ports, "--limits:clientMemoryMax=8388608");
        using var good = new RawClient(ports.Client).Handshake();
        var slow = Enumerable.Range(0, 12).Select(_ => new RawClient(ports.Client).Handshake()).ToList();
        try
        {
            foreach (var client in slow)
                BeginRequest(client);
            node.WaitFor("and connections take over 8388608 (limits:clientMemoryMax)");
            LaunchedCluster.Until("some are gone", () => !RawClient.Ask(ports.Client, "srvr")
                .Contains("Connections: 14\n", StringComparison.Ordinal));
            Assert.Equal(0, good.Create(1, "/served"));
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    // Danger: that the other side has ended its own is no end of what is sent to it.
    [Fact]
    public void Who_says_that_it_sends_no_more_and_does_not_read_is_cut_off_after_a_while()
    {
        using var node = NodeProcess.Dev(out var ports, "--limits:clientLingerTimeoutMs=100");
        using var good = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, good.Create(1, "/large", 1_000_000));
        using var greedy = new RawClient(ports.Client).Handshake();
        AskMuch(greedy);
        greedy.EndSending();
        LaunchedCluster.Until("its socket is closed", () => !greedy.IsHeldByServer);
    }

    private static void BeginRequest(RawClient client)
    {
        try
        {
            client.Send([.. RawClient.I32(1_000_000), .. new byte[900_000]]);
        }
        catch (IOException)
        {
            // It is cut off already.
        }
    }

    /// <summary>
    /// Asks for fifteen megabytes, below the limit of one connection. The kernel takes some of them.
    /// </summary>
    internal static void AskMuch(RawClient client)
    {
        try
        {
            for (var xid = 1; xid <= 15; xid++)
                client.SendFrame([.. RawClient.I32(xid), .. RawClient.I32(4), .. RawClient.Text("/large"), 0]);
        }
        catch (IOException)
        {
            // It is cut off already.
        }
    }
}
