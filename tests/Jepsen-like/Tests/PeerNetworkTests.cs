using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Tests;

/// <summary>The proxies do what the network faults say, seen from a connection between two "nodes".</summary>
public sealed class PeerNetworkTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource timer = new(Patience);
    private readonly TcpListener[] nodes = [Listen(), Listen()];
    private readonly PeerNetwork network;

    public PeerNetworkTests() => network = new PeerNetwork(
        [.. nodes.Select(n => (IPEndPoint)n.LocalEndpoint)], _ => ClientView.OwnSocket());

    [Fact]
    public async Task Bytes_pass_both_ways_while_all_is_well()
    {
        var (near, far) = await ConnectAsync();
        await SendAsync(near, 1);
        await SendAsync(far, 2);
        Assert.Equal(1, await ReceiveAsync(far));
        Assert.Equal(2, await ReceiveAsync(near));
    }

    [Fact]
    public async Task A_muted_node_hears_and_what_it_said_arrives_when_all_is_healed()
    {
        var (near, far) = await ConnectAsync();
        network.Mute(1);
        await SendAsync(near, 1);
        await SendAsync(far, 2);
        Assert.Equal(2, await ReceiveAsync(near));
        Assert.Equal(0, far.Available);
        network.Heal();
        Assert.Equal(1, await ReceiveAsync(far));
    }

    [Fact]
    public async Task A_deafened_node_is_heard()
    {
        var (near, far) = await ConnectAsync();
        network.Deafen(1);
        await SendAsync(far, 2);
        await SendAsync(near, 1);
        Assert.Equal(1, await ReceiveAsync(far));
        Assert.Equal(0, near.Available);
    }

    [Fact]
    public async Task What_was_held_is_lost_with_its_connection()
    {
        var (near, far) = await ConnectAsync();
        network.Isolate(1);
        await SendAsync(near, 1);
        network.ResetConnections(1);
        network.Heal();
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(near));
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(far));
    }

    [Fact]
    public async Task A_slow_link_takes_its_time_and_keeps_the_order()
    {
        var lag = Lag.OfMilliseconds(50, 150);
        var (near, far) = await ConnectAsync();
        network.Slow(1, 2, lag);
        var clock = Stopwatch.StartNew();
        for (byte i = 1; i <= 20; i++)
            await SendAsync(near, i);
        for (byte i = 1; i <= 20; i++)
            Assert.Equal(i, await ReceiveAsync(far));
        Assert.True(clock.Elapsed >= lag.Least);

        // What was sent after the link had healed leaves at once, so at the latest with what was sent before.
        network.Slow(Lag.None);
        await SendAsync(far, 21);
        Assert.Equal(21, await ReceiveAsync(near));
    }

    public void Dispose()
    {
        network.Dispose();
        foreach (var node in nodes)
            node.Dispose();
        timer.Dispose();
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>Node 1 dials node 2, as its settings tell it to.</summary>
    private async Task<(Socket Near, Socket Far)> ConnectAsync()
    {
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(network.AddressOf(1, 2), timer.Token);
        return (near, await nodes[1].AcceptSocketAsync(timer.Token));
    }

    private async Task SendAsync(Socket socket, byte value) =>
        Assert.Equal(1, await socket.SendAsync(new byte[] { value }, timer.Token));

    private async Task<int> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1];
        Assert.Equal(1, await socket.ReceiveAsync(buffer, timer.Token));
        return buffer[0];
    }
}
