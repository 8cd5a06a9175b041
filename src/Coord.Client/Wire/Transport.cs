using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Coord.Client;

/// <summary>
/// One TCP connection, read by one thread and written by another with blocking calls: neither needs the thread pool.
/// Any thread may <see cref="Abort"/> it.
/// </summary>
internal sealed class Transport : IDisposable
{
    private static readonly TimeSpan PollSlice = TimeSpan.FromMilliseconds(50);

    private readonly Socket socket;
    private volatile bool isAborted;

    private Transport(Socket socket, Endpoint endpoint)
    {
        this.socket = socket;
        Endpoint = endpoint;
    }

    internal Endpoint Endpoint { get; }

    public void Dispose() => socket.Dispose();

    /// <exception cref="SocketException">Refused, unreachable or not within the timeout.</exception>
    internal static Transport Connect(Endpoint endpoint, IPAddress address, TimeSpan timeout, Func<bool> isStopped)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Blocking = false;
            Begin(socket, new IPEndPoint(address, endpoint.Port));
            WaitUntilConnected(socket, timeout, isStopped);
            socket.Blocking = true;
            return new Transport(socket, endpoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Limits each <see cref="Receive"/>, for the handshake; zero for none.</summary>
    internal void SetReceiveTimeout(TimeSpan timeout) => socket.ReceiveTimeout = (int)timeout.TotalMilliseconds;

    /// <returns>Bytes received; 0 when the other side closed or the connection was aborted.</returns>
    /// <exception cref="SocketException">The connection broke.</exception>
    internal int Receive(Span<byte> into) => isAborted ? 0 : socket.Receive(into);

    /// <exception cref="SocketException">The connection broke.</exception>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Ends the connection under whoever reads or writes it.</summary>
    internal void Abort()
    {
        isAborted = true;
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already broken or closed: that is what was asked for.
        }
    }

    private static void Begin(Socket socket, IPEndPoint address)
    {
        try
        {
            socket.Connect(address);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The usual answer of a socket that does not block; the end of the attempt is polled for.
        }
    }

    private static void WaitUntilConnected(Socket socket, TimeSpan timeout, Func<bool> isStopped)
    {
        var started = Stopwatch.GetTimestamp();
        while (!socket.Poll(PollSlice, SelectMode.SelectWrite))
        {
            if (isStopped() || Stopwatch.GetElapsedTime(started) > timeout)
                throw new SocketException((int)SocketError.TimedOut);
        }

        var error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != 0)
            throw new SocketException(error);
    }
}
