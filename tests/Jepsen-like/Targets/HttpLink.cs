using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Coord.JepsenLike.Clients;
using ProtocolViolationException = Coord.JepsenLike.Clients.ProtocolViolationException;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// One connection over which JSON is posted, one request at a time. A client library would send a request again when
/// its connection breaks, and a history in which that happens unseen is wrong.
/// </summary>
internal sealed class HttpLink : IDisposable
{
    public const int Ok = 200;

    private const int AnswerBytesMax = 64 << 10;

    private static readonly byte[] HeaderEnd = "\r\n\r\n"u8.ToArray();

    private readonly Socket socket;

    private HttpLink(Socket socket)
    {
        this.socket = socket;
        socket.NoDelay = true;
    }

    /// <summary>Connects a new socket.</summary>
    public static async Task<HttpLink> OpenAsync(Socket socket, IPEndPoint node, CancellationToken cancel)
    {
        var link = new HttpLink(socket);
        try
        {
            await link.socket.ConnectAsync(node, cancel);
            return link;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            link.Dispose();
            throw new ConnectionLostException(error.Message);
        }
    }

    /// <summary>
    /// The status and the body of the answer; of a refusal the body is left unread, and the link of no more use.
    /// </summary>
    public async Task<(int Status, byte[] Body)> PostAsync(string path, byte[] json, CancellationToken cancel)
    {
        var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
            string.Create(CultureInfo.InvariantCulture, $"Content-Length: {json.Length}\r\n\r\n");
        try
        {
            byte[] request = [.. Encoding.ASCII.GetBytes(head), .. json];
            for (var sent = 0; sent < request.Length;)
                sent += await socket.SendAsync(request.AsMemory(sent), SocketFlags.None, cancel);
            return await ReceiveAsync(cancel);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            throw new ConnectionLostException(error.Message);
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<(int Status, byte[] Body)> ReceiveAsync(CancellationToken cancel)
    {
        var input = new byte[AnswerBytesMax];
        var count = 0;
        int headEnd;
        while ((headEnd = input.AsSpan(0, count).IndexOf(HeaderEnd)) < 0)
            count += await ReceiveAsync(input.AsMemory(count), cancel);

        var head = Encoding.ASCII.GetString(input, 0, headEnd).Split("\r\n");
        var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        if (status != Ok)
            return (status, []);

        byte[]? body;
        while ((body = HttpBody.Take(head, input.AsSpan((headEnd + HeaderEnd.Length)..count))) is null)
            count += await ReceiveAsync(input.AsMemory(count), cancel);
        return (status, body);
    }

    private async Task<int> ReceiveAsync(Memory<byte> room, CancellationToken cancel)
    {
        if (room.IsEmpty)
            throw new ProtocolViolationException($"an answer of more than {AnswerBytesMax} bytes");
        var count = await socket.ReceiveAsync(room, SocketFlags.None, cancel);
        return count > 0 ? count : throw new ConnectionLostException("the node closed the connection");
    }
}
