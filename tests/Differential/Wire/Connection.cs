using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Coord.Differential.Wire;

/// <summary>One TCP connection to a server, blocking: its owner waits for every reply before it goes on.</summary>
internal sealed class Connection : IDisposable
{
    private const int PatienceMs = 60_000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true, ReceiveTimeout = PatienceMs, SendTimeout = PatienceMs,
    };

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _begin;
    private int _end;

    public Connection(int port) => _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>False when the server has closed the connection already.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[_socket.Send(bytes)..];
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode
            is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return false;
        }
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

    public void Dispose() => _socket.Dispose();

    private bool TryFill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_begin == _end && !TryReceive())
                return false;
            var count = Math.Min(bytes.Length, _end - _begin);
            _buffer.AsSpan(_begin, count).CopyTo(bytes);
            _begin += count;
            bytes = bytes[count..];
        }

        return true;
    }

    private bool TryReceive()
    {
        try
        {
            (_begin, _end) = (0, _socket.Receive(_buffer));
            return _end > 0;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
