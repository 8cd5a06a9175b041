using System.Net;
using System.Net.Sockets;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Tests;

/// <summary>Packets between two namespaces are really cut, and really healed.</summary>
public sealed class PacketFilterTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly Place One = Place.Node(1);
    private static readonly Place Two = Place.Node(2);

    private readonly CancellationTokenSource timer = new(Patience);
    private NamespaceNetwork network = null!;
    private PacketFilter filter = null!;

    public async ValueTask InitializeAsync()
    {
        var whyNot = NamespaceSupport.WhyNot();
        Assert.SkipWhen(whyNot is not null, $"no network namespaces: {whyNot}");
        network = await NamespaceNetwork.MakeAsync(nodes: 2);
        filter = new PacketFilter(network);
    }

    public ValueTask DisposeAsync()
    {
        network?.Dispose();
        timer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_byte_arrives_only_after_the_partition_that_it_met()
    {
        using var pair = await ConnectAsync(One, Two);
        await pair.SendAsync(1);
        Assert.Equal(1, await pair.ReceiveAsync());

        var cut = await filter.CutAsync(PartitionShapes.Between([One], [Two]));
        await pair.SendAsync(2);
        await WaitUntilDroppedAsync(Two);
        Assert.Equal(0, pair.Available);

        await cut.HealAsync();
        Assert.Equal(2, await pair.ReceiveAsync());
        Assert.Equal(-1, await filter.DroppedAsync(One));
        Assert.Equal(-1, await filter.DroppedAsync(Two));
    }

    [Fact]
    public async Task Nobody_connects_through_a_partition_and_nobody_is_refused()
    {
        var cut = await filter.CutAsync(PartitionShapes.OneWay([One], [Two]));
        var connecting = ConnectAsync(One, Two);
        await WaitUntilDroppedAsync(Two);
        Assert.False(connecting.IsCompleted);
        await cut.HealAsync();
        using var pair = await connecting;
    }

    [Fact]
    public async Task Two_partitions_at_once_are_healed_each_by_itself()
    {
        var three = Place.Node(3);
        var first = await filter.CutAsync(PartitionShapes.Between([One], [Two]));
        var second = await filter.CutAsync(PartitionShapes.Between([One], [three]));
        await first.HealAsync();
        using var pair = await ConnectAsync(One, Two);
        Assert.Equal(-1, await filter.DroppedAsync(Two));
        Assert.Equal(0, await filter.DroppedAsync(three));
        await second.HealAsync();
        Assert.Equal("", await filter.ListAsync(One));
        Assert.Equal("", await filter.ListAsync(three));
    }

    [Fact]
    public async Task Lossy_links_lose_packets_and_carry_everything_in_the_end()
    {
        using var pair = await ConnectAsync(One, Two);
        await filter.LoseAsync(PartitionShapes.Between([One], [Two]), percent: 30);
        for (var i = 0; i < 10 || await filter.DroppedAsync(Two) == 0; i++)
        {
            await pair.SendAsync((byte)i);
            Assert.Equal((byte)i, await pair.ReceiveAsync());
        }
    }

    [Fact]
    public async Task A_socket_of_a_namespace_has_its_address()
    {
        using var pair = await ConnectAsync(Place.Clients(2), One);
        Assert.Equal(network.AddressOf(Place.Clients(2)), pair.Caller);
    }

    private async Task WaitUntilDroppedAsync(Place place)
    {
        while (await filter.DroppedAsync(place) <= 0)
            await Task.Delay(PollInterval, timer.Token);
    }

    private async Task<SocketPair> ConnectAsync(Place from, Place to)
    {
        using var listener = NamespaceSockets.Open(network.NamespaceOf(to));
        listener.Bind(new IPEndPoint(network.AddressOf(to), 0));
        listener.Listen();
        var near = NamespaceSockets.Open(network.NamespaceOf(from));
        await near.ConnectAsync(listener.LocalEndPoint!, timer.Token);
        return new SocketPair(near, await listener.AcceptAsync(timer.Token), timer.Token);
    }

    private sealed record SocketPair(Socket Near, Socket Far, CancellationToken Cancel) : IDisposable
    {
        public int Available => Far.Available;

        public IPAddress Caller => ((IPEndPoint)Far.RemoteEndPoint!).Address;

        public async Task SendAsync(byte value) =>
            Assert.Equal(1, await Near.SendAsync(new byte[] { value }, Cancel));

        public async Task<byte> ReceiveAsync()
        {
            var buffer = new byte[1];
            Assert.Equal(1, await Far.ReceiveAsync(buffer, Cancel));
            return buffer[0];
        }

        public void Dispose()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }
}
