using System.Net.Sockets;
using System.Text;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// What a hostile or broken client can send to a client port: it gets its error or is closed, the node's memory stays
/// flat, and others notice nothing.
/// </summary>
public sealed class BadInputTests
{
    private const int BadArguments = -8;
    private const int MarshallingError = -5;
    private const int Unimplemented = -6;

    [Fact]
    public void Hostile_bytes_end_their_own_connection_and_nothing_else()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var good = new RawClient(ports.Client).Handshake();
        foreach (var bytes in HostileBeginnings())
        {
            using var hostile = new RawClient(ports.Client);
            hostile.Send(bytes);
            Assert.Empty(hostile.ReceiveToEnd());
        }

        foreach (var bytes in HostileRequests())
        {
            using var hostile = new RawClient(ports.Client).Handshake();
            hostile.Send(bytes);
            Assert.Empty(hostile.ReceiveToEnd());
        }

        Assert.Equal(0, good.Create(1, "/still-served"));
        Assert.Equal("imok", RawClient.Ask(ports.Client, "ruok"));
    }

    [Fact]
    public void What_cannot_be_decoded_or_is_not_allowed_is_answered_and_the_connection_stays()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(BadArguments, client.Create(1, "/a\0b"));
        Assert.Equal(BadArguments, client.Create(2, "no-slash"));
        Assert.Equal(BadArguments, client.Create(3, ""));
        Assert.Equal(MarshallingError, client.Request(4, 1, [.. RawClient.Text("/a"), 0, 0]));
        Assert.Equal(MarshallingError, client.Request(5, 1, RawClient.I32(int.MaxValue)));
        Assert.Equal(MarshallingError, client.Request(6, 4, RawClient.I32(-2)));
        Assert.Equal(MarshallingError, client.Request(7, 14, RawClient.I32(1)));
        Assert.Equal(0, client.Create(8, "/fine"));
        Assert.Equal(Unimplemented, client.Request(9, 4_711));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_handshake_that_never_ends_is_closed_in_its_time()
    {
        using var node = NodeProcess.Dev(out var ports, "--limits:clientHandshakeTimeoutMs=300");
        using var half = new RawClient(ports.Client);
        half.Send([0, 0, 0, 45, 0, 0]);
        using var silent = new RawClient(ports.Client);
        Assert.Empty(half.ReceiveToEnd());
        Assert.Empty(silent.ReceiveToEnd());
    }

    /// <summary>
    /// 10,000 connections that send nothing: at most 8 KiB each, and a newcomer is served beside them.
    /// </summary>
    [Fact]
    public async Task Idle_connections_cost_little_and_keep_nobody_out()
    {
        const int Count = 10_000;
        const long BytesEach = 8 * 1024;
        using var node = NodeProcess.Dev(out var ports, "--limits:clientHandshakeTimeoutMs=60000");
        using var good = new RawClient(ports.Client).Handshake(timeoutMs: 40_000); // Silent while the others come.
        var before = node.ResidentBytes;
        var idle = new List<Socket>(Count);
        try
        {
            for (var i = 0; i < Count; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(ports.Client.Host, ports.Client.Port);
            }

            Assert.Equal("imok", RawClient.Ask(ports.Client, "ruok"));
            Assert.Equal(0, good.Create(1, "/served"));
            using var late = new RawClient(ports.Client).Handshake();
            Assert.Equal(0, late.Create(1, "/served-too"));
            var each = (node.ResidentBytes - before) / Count;
            Assert.True(each <= BytesEach, $"{each} bytes for each idle connection");
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void A_client_that_asks_and_never_reads_is_closed_at_its_limit()
    {
        using var node = NodeProcess.Dev(out var ports, "--limits:clientOutboundBytesMax=1048576");
        using var good = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, good.Request(1, 1, [
            .. RawClient.Text("/large"), .. RawClient.I32(900_000), .. new byte[900_000],
            .. RawClient.I32(1), .. RawClient.I32(31), .. RawClient.Text("world"), .. RawClient.Text("anyone"),
            .. RawClient.I32(0)]));
        using var greedy = new RawClient(ports.Client).Handshake();
        var failure = Assert.Throws<IOException>(AskForEver);
        var error = Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode;
        Assert.True(error is SocketError.ConnectionReset or SocketError.Shutdown, $"{error}");
        Assert.Equal(0, good.Create(2, "/served"));
        Assert.True(node.ResidentBytes < 256L * 1024 * 1024, $"{node.ResidentBytes} bytes");

        void AskForEver()
        {
            for (var xid = 1; xid > 0; xid++)
                greedy.SendFrame([.. RawClient.I32(xid), .. RawClient.I32(4), .. RawClient.Text("/large"), 0]);
        }
    }

    private static IEnumerable<byte[]> HostileBeginnings()
    {
        yield return [0x7f, 0xff, 0xff, 0xff];
        yield return [0x80, 0, 0, 0];
        yield return [0xff, 0xff, 0xff, 0xff];
        yield return [0, 0, 0, 0];
        yield return [0, 0x10, 0, 0]; // One byte over jute.maxbuffer.
        yield return Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n");
        yield return Encoding.ASCII.GetBytes("nope");
        yield return [0x16, 0x03, 0x01, 0x02, 0, 1, 0, 1, 0xfc, 0x03]; // TLS's first words.
        yield return [0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8];
        yield return [0, 0, 0, 45, .. Enumerable.Repeat((byte)0xee, 45)];
    }

    private static IEnumerable<byte[]> HostileRequests()
    {
        yield return [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1];
        yield return [0x80, 0, 0, 0];
        yield return [0, 0x10, 0, 0];
        yield return [0, 0, 0, 3, 1, 2, 3];
        yield return [0, 0, 0, 0];
    }
}
