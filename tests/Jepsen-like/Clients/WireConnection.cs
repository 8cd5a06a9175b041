using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Coord.JepsenLike.Clients;

/// <summary>One TCP connection that has sent its ConnectRequest; one flight at a time, replies in order.</summary>
internal sealed class WireConnection : IDisposable
{
    private const int FrameBytesMax = 4 << 20;

    private readonly Socket socket;
    private byte[] input = new byte[4096];
    private int begin;
    private int end;

    private WireConnection(Socket socket)
    {
        this.socket = socket;
        socket.NoDelay = true;
    }

    public int LocalPort => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>Connects a new socket and returns the connection with the payload of its ConnectResponse.</summary>
    public static async Task<(WireConnection Connection, byte[] Response)> OpenAsync(
        Socket socket, IPEndPoint node, byte[] connectRequest, CancellationToken cancel)
    {
        var connection = new WireConnection(socket);
        try
        {
            await connection.socket.ConnectAsync(node, cancel);
            await connection.SendAsync(connectRequest, cancel);
            return (connection, (await connection.ReceiveAsync(cancel)).ToArray());
        }
        catch (Exception error)
        {
            connection.Dispose();
            if (error is SocketException or OperationCanceledException)
                throw new ConnectionLostException("connecting", error);
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancel)..];
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            throw new ConnectionLostException("sending", error);
        }
    }

    /// <summary>The next frame's payload, valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (end - begin >= 4)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(input.AsSpan(begin));
                if (length is < 0 or > FrameBytesMax)
                    throw new ProtocolViolationException($"a frame of length {length}");
                if (end - begin >= 4 + length)
                {
                    begin += 4 + length;
                    return input.AsMemory(begin - length, length);
                }

                Reserve(4 + length);
            }

            await FillAsync(cancel);
        }
    }

    public void Dispose() => socket.Dispose();

    private void Reserve(int count)
    {
        if (begin + count <= input.Length)
            return;

        var target = count > input.Length ? new byte[count] : input;
        input.AsSpan(begin, end - begin).CopyTo(target);
        (input, begin, end) = (target, 0, end - begin);
    }

    private async ValueTask FillAsync(CancellationToken cancel)
    {
        if (begin == end)
            begin = end = 0;
        if (end == input.Length)
            Reserve(end - begin + 4096);

        try
        {
            var count = await socket.ReceiveAsync(input.AsMemory(end), SocketFlags.None, cancel);
            if (count == 0)
                throw new ConnectionLostException("closed by the server");
            end += count;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            throw new ConnectionLostException("receiving", error);
        }
    }
}
