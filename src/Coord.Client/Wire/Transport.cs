using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Coord.Client;

/// <summary>
/// One TCP connection, with or without TLS, read by one thread and written by another: neither needs the thread pool.
/// Any thread may <see cref="Abort"/> it.
/// </summary>
/// <remarks>
/// The socket itself never blocks; who has to wait polls for it. A socket that was told once not to block, as a limit
/// for connecting needs it, stays so below: a blocking call on it would wait for the runtime's own socket thread to
/// wake it, one more thread to run for every reply.
/// </remarks>
internal sealed class Transport : IDisposable
{
    private static readonly TimeSpan PollSlice = TimeSpan.FromMilliseconds(50);

    private readonly Socket socket;
    private readonly long attemptBegan;
    private readonly TimeSpan attemptTimeout;
    private SslStream? tls;
    private bool isAttempt = true;
    private volatile bool isAborted;

    private Transport(Socket socket, Endpoint endpoint, long attemptBegan, TimeSpan attemptTimeout)
    {
        this.socket = socket;
        this.attemptBegan = attemptBegan;
        this.attemptTimeout = attemptTimeout;
        Endpoint = endpoint;
    }

    internal Endpoint Endpoint { get; }

    internal bool IsEncrypted => tls is not null;

    public void Dispose()
    {
        socket.Dispose();
        tls?.Dispose();
    }

    /// <param name="endpoint">The name that the address belongs to.</param>
    /// <param name="address">The address.</param>
    /// <param name="timeout">Of the whole attempt, until <see cref="EndAttempt"/>.</param>
    /// <param name="isStopped">Asked while it waits.</param>
    /// <exception cref="SocketException">Refused, unreachable or not within the timeout.</exception>
    internal static Transport Connect(Endpoint endpoint, IPAddress address, TimeSpan timeout, Func<bool> isStopped)
    {
        var began = Stopwatch.GetTimestamp();
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Blocking = false;
            Begin(socket, new IPEndPoint(address, endpoint.Port));
            WaitUntilConnected(socket, timeout, isStopped);
            return new Transport(socket, endpoint, began, timeout);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Puts TLS around the connection.</summary>
    /// <exception cref="AttemptFailedException">
    /// The two sides find no trust in each other, the connection broke, the time is up, or a callback in the options
    /// threw.
    /// </exception>
    internal void Encrypt(SslClientAuthenticationOptions options)
    {
        if (string.IsNullOrEmpty(options.TargetHost))
            options.TargetHost = Endpoint.Host;
        tls = new SslStream(new SocketStream(ReceivePlain, SendPlain));
        try
        {
            tls.AuthenticateAsClient(options);
        }
        catch (AuthenticationException e)
        {
            // A clock that is wrong by hours shows here first, as a certificate that is not valid yet or any more.
            throw new AttemptFailedException($"TLS: {e.Message} {e.InnerException?.Message}".TrimEnd(), e);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            // Of the connection, or of a callback in the program's options, which may throw anything.
            throw new AttemptFailedException($"TLS: {e.Message}", e);
        }
    }

    /// <summary>The session stands: from now on silence is judged by the heart alone.</summary>
    internal void EndAttempt() => isAttempt = false;

    /// <returns>Bytes received; 0 when the other side closed or the connection was aborted.</returns>
    /// <exception cref="SocketException">The connection broke, or the attempt took too long.</exception>
    internal int Receive(Span<byte> into)
    {
        if (isAborted)
            return 0;
        if (tls is null)
            return ReceivePlain(into);
        try
        {
            return tls.Read(into);
        }
        catch (IOException e)
        {
            throw e.InnerException as SocketException ?? new SocketException((int)SocketError.ConnectionReset);
        }
    }

    /// <exception cref="SocketException">The connection broke.</exception>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        if (tls is null)
        {
            SendPlain(bytes);
            return;
        }

        try
        {
            tls.Write(bytes);
        }
        catch (IOException e)
        {
            throw e.InnerException as SocketException ?? new SocketException((int)SocketError.ConnectionReset);
        }
    }

    /// <summary>Sends what the socket takes at once. Only without TLS.</summary>
    /// <returns>Bytes sent.</returns>
    /// <exception cref="SocketException">The connection broke.</exception>
    internal int SendAtOnce(ReadOnlySpan<byte> bytes)
    {
        var sent = socket.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
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

    private int ReceivePlain(Span<byte> into)
    {
        while (true)
        {
            if (!socket.Poll(isAttempt ? LeftOfAttempt() : Timeout.InfiniteTimeSpan, SelectMode.SelectRead))
                continue;
            var count = socket.Receive(into, SocketFlags.None, out var error);
            if (error == SocketError.Success)
                return count;
            if (error != SocketError.WouldBlock)
                throw new SocketException((int)error);
        }
    }

    private TimeSpan LeftOfAttempt()
    {
        var left = attemptTimeout - Stopwatch.GetElapsedTime(attemptBegan);
        return left > TimeSpan.Zero ? left : throw new SocketException((int)SocketError.TimedOut);
    }

    private void SendPlain(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            bytes = bytes[SendAtOnce(bytes)..];
            if (bytes.Length == 0)
                return;
            socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectWrite);
        }
    }
}
