using System.Net;
using System.Net.Sockets;

namespace Coord.Node.Peers;

/// <summary>
/// A connection between nodes: a socket that never sees an asynchronous call, so it stays in blocking mode and each
/// call is one system call on a thread of its own (raft-design A8).
/// </summary>
internal sealed class PeerSocket : IDisposable
{
    private readonly Socket socket;

    public PeerSocket(Socket socket, NodeLimits limits)
    {
        this.socket = socket;
        socket.NoDelay = true;
        socket.SendTimeout = (int)limits.PeerSendTimeout.TotalMilliseconds;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    public EndPoint? Remote => socket.RemoteEndPoint;

    /// <summary>
    /// Whether the other side has closed: nothing is ever sent back on a link, so anything to read is its end.
    /// </summary>
    public bool HasEnded => socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Dials a peer. Linux ends a blocking connect at the socket's send timeout.</summary>
    /// <exception cref="SocketException">Refused, unreachable, or not answered in time.</exception>
    public static PeerSocket Connect(IPEndPoint address, NodeLimits limits)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SendTimeout = (int)limits.PeerConnectTimeout.TotalMilliseconds;
            socket.Connect(address);
            return new PeerSocket(socket, limits);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Longest wait of a receive from now on; zero for none.</summary>
    public void SetReceiveTimeout(TimeSpan timeout) => socket.ReceiveTimeout = (int)timeout.TotalMilliseconds;

    /// <summary>Sends all of it, or throws.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes, SocketFlags.None)..];
    }

    /// <summary>Receives what is there, waiting for at least one byte; 0 at the end of the connection.</summary>
    public int Receive(Span<byte> buffer) => socket.Receive(buffer, SocketFlags.None);

    /// <summary>
    /// Receives one frame on its own, as handshakes and snapshot channels do; null at a clean or unclean end.
    /// </summary>
    public byte[]? ReceiveFrame(int frameBytesMax)
    {
        var header = new byte[PeerFrame.HeaderBytes];
        if (!ReceiveExactly(header))
            return null;
        var length = PeerFrame.Measure(header, frameBytesMax);
        if (length <= 0)
            return null;
        var frame = GC.AllocateUninitializedArray<byte>(length);
        header.CopyTo(frame, 0);
        return ReceiveExactly(frame.AsSpan(header.Length)) ? frame : null;
    }

    /// <summary>Wakes whoever is blocked on the socket, with an end of the connection.</summary>
    public void Close()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Closed already, which is what was wanted.
        }

        socket.Dispose();
    }

    public void Dispose() => Close();

    private bool ReceiveExactly(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = socket.Receive(buffer, SocketFlags.None);
            if (count == 0)
                return false;
            buffer = buffer[count..];
        }

        return true;
    }
}
