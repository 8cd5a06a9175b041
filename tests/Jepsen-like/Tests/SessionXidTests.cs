using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// The xids of a session over its connections, as a node sees them. ZooKeeper takes a request for one of an earlier
/// connection that had the same xid, and answers with its outcome.
/// </summary>
public sealed class SessionXidTests : IDisposable
{
    private const int ConnectResponseBytes = 36;

    private readonly TcpListener node = new(IPAddress.Loopback, 0);

    public SessionXidTests() => node.Start();

    public void Dispose() => node.Dispose();

    [Theory]
    [InlineData(false, new[] { 1, 2, 3, 4 })]
    [InlineData(true, new[] { 1, 2, 1, 2 })]
    public async Task Xids_go_on_over_connections_or_begin_anew_as_is_the_way_of_the_client(bool restarts, int[] xids)
    {
        using var session = new SessionClient([(IPEndPoint)node.LocalEndpoint], firstNode: 1, TimeSpan.FromMinutes(1))
        {
            RestartsXids = restarts,
        };
        var seen = new List<int>();
        for (var connection = 0; connection < 2; connection++)
        {
            var served = ServeAsync(requests: 2);
            Assert.True(await session.TryConnectAsync());
            await session.ExistsAsync("/a");
            await session.ExistsAsync("/b");
            seen.AddRange(await served);
            session.Drop();
        }

        Assert.Equal(xids, seen);
    }

    /// <summary>Takes a session up and answers its requests; gives their xids.</summary>
    private async Task<List<int>> ServeAsync(int requests)
    {
        using var socket = await node.AcceptSocketAsync();
        await FrameAsync(socket);
        var response = new byte[ConnectResponseBytes];
        BinaryPrimitives.WriteInt32BigEndian(response.AsSpan(4), 10_000);
        BinaryPrimitives.WriteInt64BigEndian(response.AsSpan(8), 7);
        BinaryPrimitives.WriteInt32BigEndian(response.AsSpan(16), Wire.PasswordBytes);
        await AnswerAsync(socket, response);

        var xids = new List<int>();
        while (xids.Count < requests)
        {
            xids.Add(BinaryPrimitives.ReadInt32BigEndian(await FrameAsync(socket)));
            var header = new byte[16];
            BinaryPrimitives.WriteInt32BigEndian(header, xids[^1]);
            await AnswerAsync(socket, header);
        }

        return xids;
    }

    private static async Task<byte[]> FrameAsync(Socket socket)
    {
        var length = await TakeAsync(socket, sizeof(int));
        return await TakeAsync(socket, BinaryPrimitives.ReadInt32BigEndian(length));
    }

    private static async Task<byte[]> TakeAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var taken = 0; taken < count;)
            taken += await socket.ReceiveAsync(bytes.AsMemory(taken));
        return bytes;
    }

    private static async Task AnswerAsync(Socket socket, byte[] body)
    {
        var frame = new byte[sizeof(int) + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, sizeof(int));
        await socket.SendAsync(frame);
    }
}
