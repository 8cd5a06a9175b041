using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop.Wire;

/// <summary>A client that is nobody's: sends any bytes, and tells what came back.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int ReplyHeaderBytes = 16;
    private const int AnswerBytesBeforePassword = 20;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true, ReceiveTimeout = 120_000, SendTimeout = 120_000,
    };

    public RawConnection(int port) => _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Connects and greets for a new session.</summary>
    public static RawConnection Greet(int port, out RawSession session)
    {
        var connection = new RawConnection(port);
        session = connection.Greet(Connect(lastZxid: 0, 10_000, sessionId: 0, new byte[PasswordBytes]))!;
        Assert.NotNull(session);
        Assert.False(session.IsRefused);
        return connection;
    }

    public void Send(params ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>The next frame's payload; null when the server has closed the connection.</summary>
    public byte[]? Receive()
    {
        var prefix = new byte[4];
        if (!TryFill(prefix))
            return null;
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        return TryFill(payload) ? payload : null;
    }

    /// <summary>Sends a handshake; null when the connection was closed without a byte.</summary>
    public RawSession? Greet(byte[] connectRequest)
    {
        Send(connectRequest);
        if (Receive() is not { } answer)
            return null;
        var password = answer.AsSpan(AnswerBytesBeforePassword, PasswordBytes);
        return new RawSession(
            BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4)),
            BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(8)),
            password.ToArray(),
            answer.Length);
    }

    public RawReply? ReceiveReply() => Receive() is not { } payload ? null : new RawReply(
        BinaryPrimitives.ReadInt32BigEndian(payload),
        BinaryPrimitives.ReadInt64BigEndian(payload.AsSpan(4)),
        BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(12)),
        payload[ReplyHeaderBytes..]);

    /// <summary>Sends a request and takes its reply; fails when the connection was closed instead.</summary>
    public RawReply Call(byte[] request)
    {
        Send(request);
        return ReceiveReply() ?? throw new InvalidOperationException("The server closed the connection.");
    }

    public void Dispose() => _socket.Dispose();

    private bool TryFill(Span<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var count = _socket.Receive(bytes);
                if (count == 0)
                    return false;
                bytes = bytes[count..];
            }

            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
