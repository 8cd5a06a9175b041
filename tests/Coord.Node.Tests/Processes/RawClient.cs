using System.Buffers.Binary;
using System.Net.Security;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// Bytes to and from a client port, written out by hand: no client would send what these tests send.
/// </summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient tcp;
    private readonly Stream stream;
    private readonly int ownPort;
    private readonly int serverPort;

    public RawClient(NodeAddress address, SslClientAuthenticationOptions? tls = null)
    {
        tcp = new TcpClient(address.Host, address.Port)
        {
            ReceiveTimeout = (int)NodeProcess.Patience.TotalMilliseconds,
            SendTimeout = (int)NodeProcess.Patience.TotalMilliseconds,
        };
        (ownPort, serverPort) = (((IPEndPoint)tcp.Client.LocalEndPoint!).Port, address.Port);
        stream = tcp.GetStream();
        if (tls is null)
            return;
        var encrypted = new SslStream(stream);
        try
        {
            encrypted.AuthenticateAsClient(tls);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }

        stream = encrypted;
    }

    /// <summary>Asks a four-letter word.</summary>
    public static string Ask(NodeAddress address, string word, SslClientAuthenticationOptions? tls = null)
    {
        using var client = new RawClient(address, tls);
        client.Send(Encoding.ASCII.GetBytes(word));
        return Encoding.UTF8.GetString(client.ReceiveToEnd());
    }

    /// <summary>Whether the server's end of the connection is still open, by the kernel's word.</summary>
    public bool IsHeldByServer
    {
        get
        {
            // Local address, remote address, state, each behind a blank; 01 is an open connection, 08 one that this
            // side has ended.
            return File.ReadLines("/proc/net/tcp")
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(end => end[1].EndsWith($":{serverPort:X4}", StringComparison.Ordinal)
                    && end[2].EndsWith($":{ownPort:X4}", StringComparison.Ordinal) && end[3] is "01" or "08");
        }
    }

    /// <summary>Says that it sends no more, and can still receive.</summary>
    public void EndSending() => tcp.Client.Shutdown(SocketShutdown.Send);

    public void Send(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>Sends a payload behind its length.</summary>
    public void SendFrame(params byte[] payload)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, payload.Length);
        Send([.. length, .. payload]);
    }

    /// <summary>By TLS: which certificate the node showed.</summary>
    public string? ServerThumbprint => (stream as SslStream)?.RemoteCertificate?.GetCertHashString();

    /// <summary>The session's id and password, as the node gave them.</summary>
    public byte[] Session { get; private set; } = [.. I64(0), .. Text(new string('\0', 16))];

    /// <summary>
    /// Opens a session, as Java's client does, or goes on with one. It pings nobody: the longest timeout by default.
    /// </summary>
    public RawClient Handshake(int timeoutMs = 40_000, byte[]? session = null)
    {
        SendFrame([.. I32(0), .. I64(0), .. I32(timeoutMs), .. session ?? Session, 0]);
        var answer = ReceiveFrame();
        Assert.Equal(37, answer.Length);
        Assert.NotEqual(0, BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(8)));
        Session = answer[8..36];
        return this;
    }

    /// <summary>Sends a request and gives the err of its reply.</summary>
    public int Request(int xid, int type, params byte[] record)
    {
        SendFrame([.. I32(xid), .. I32(type), .. record]);
        var reply = ReceiveFrame();
        Assert.Equal(xid, BinaryPrimitives.ReadInt32BigEndian(reply));
        return BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));
    }

    /// <summary>Shows an identity; gives zxid and err of the reply. Null: without any proof.</summary>
    public (long Zxid, int Error) Auth(int xid, string scheme, string? auth)
    {
        SendFrame([
            .. I32(xid), .. I32(100), .. I32(0), .. Text(scheme), .. auth is null ? I32(-1) : Text(auth)]);
        var reply = ReceiveFrame();
        Assert.Equal(xid, BinaryPrimitives.ReadInt32BigEndian(reply));
        Assert.Equal(16, reply.Length);
        return (BinaryPrimitives.ReadInt64BigEndian(reply.AsSpan(4)),
            BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12)));
    }

    /// <summary>The identities that the node knows this connection by, as <c>scheme:user</c>.</summary>
    public string[] WhoAmI(int xid)
    {
        SendFrame([.. I32(xid), .. I32(107)]);
        var reply = ReceiveFrame();
        Assert.Equal((xid, 0), (
            BinaryPrimitives.ReadInt32BigEndian(reply), BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12))));
        var texts = Texts(reply, 2 * BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(16)));
        return [.. texts.Chunk(2).Select(identity => $"{identity[0]}:{identity[1]}")];
    }

    public int Create(
        int xid, string path, int dataBytes = 4, int flags = 0, (string Scheme, string Id)? acl = null) => Request(
        xid, 1,
        [
            .. Text(path), .. I32(dataBytes), .. new byte[dataBytes],
            .. I32(1), .. I32(31), .. Text(acl?.Scheme ?? "world"), .. Text(acl?.Id ?? "anyone"), .. I32(flags),
        ]);

    /// <summary>The names below a znode.</summary>
    public string[] Children(int xid, string path)
    {
        SendFrame([.. I32(xid), .. I32(8), .. Text(path), 0]);
        var reply = ReceiveFrame();
        Assert.Equal(0, BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12)));
        return Texts(reply, BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(16)));
    }

    private static string[] Texts(byte[] reply, int count)
    {
        var texts = new string[count];
        var position = 20;
        for (var i = 0; i < texts.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(position));
            texts[i] = Encoding.UTF8.GetString(reply, position + 4, length);
            position += 4 + length;
        }

        return texts;
    }

    public byte[] ReceiveFrame()
    {
        var length = new byte[4];
        stream.ReadExactly(length);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        stream.ReadExactly(payload);
        return payload;
    }

    /// <summary>What comes until the node closes the connection, which it must.</summary>
    public byte[] ReceiveToEnd()
    {
        using var received = new MemoryStream();
        try
        {
            stream.CopyTo(received);
        }
        catch (IOException reset) when (reset.InnerException is SocketException
            {
                SocketErrorCode: SocketError.ConnectionReset,
            })
        {
            // Closed with bytes of ours unread: as good an end as any.
        }

        return received.ToArray();
    }

    public void Dispose()
    {
        stream.Dispose();
        tcp.Dispose();
    }

    public static byte[] I32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] I64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. I32(bytes.Length), .. bytes];
    }
}
