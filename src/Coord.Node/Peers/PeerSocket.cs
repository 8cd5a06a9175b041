using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// A connection between nodes: a socket that never sees an asynchronous call, so it stays in blocking mode and each
/// call is one system call on a thread of its own (raft-design A8). Encrypted or not, it fails with a
/// <see cref="SocketException"/>.
/// </summary>
internal sealed partial class PeerSocket : IDisposable
{
    // Linux: MSG_DONTWAIT and MSG_NOSIGNAL, which the socket class does not pass on.
    private const int DoNotWait = 0x40 | 0x4000;

    private readonly Socket socket;
    private SslStream? encrypted;

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

    /// <summary>The node that the other side's certificate is for; null without TLS.</summary>
    public NodeId? CertifiedNode { get; private set; }

    /// <summary>
    /// Whether the other side has closed: nothing is ever sent back on a link, so anything to read is its end. TLS too
    /// sends nothing on its own behind the answer to a greeting: sessions are not resumed.
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

    /// <summary>From here on everything is encrypted (raft-design I5).</summary>
    /// <param name="handshake">This side's part of the TLS handshake.</param>
    /// <exception cref="SocketException">The connection broke, or one side does not trust the other.</exception>
    public void Encrypt(Action<SslStream> handshake)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false);
        try
        {
            handshake(stream);
        }
        catch (Exception failure) when (failure is AuthenticationException or CryptographicException)
        {
            stream.Dispose();
            throw new SocketException((int)SocketError.ConnectionAborted, $"TLS: {failure.Message}");
        }
        catch (IOException failure)
        {
            stream.Dispose();
            throw Failure(failure);
        }

        encrypted = stream;
        var node = stream.RemoteCertificate is X509Certificate2 certificate ? PeerTls.NodeOf(certificate) : null;
        CertifiedNode = node ?? throw new SocketException(
            (int)SocketError.ConnectionAborted, "TLS: the certificate of the other side is no node's");
    }

    /// <summary>Sends all of it, or throws.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (encrypted is not null)
        {
            SendEncrypted(bytes);
            return;
        }

        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes, SocketFlags.None)..];
    }

    /// <summary>Sends what fits, without waiting; null with TLS, whose bytes are its sender's to make.</summary>
    public SendAtOnce? AtOnce => encrypted is null ? SendWhatFits : null;

    private int SendWhatFits(ReadOnlySpan<byte> bytes) =>
        (int)Math.Max(0, SendNow(socket.SafeHandle, bytes, bytes.Length, DoNotWait));

    /// <summary>Receives what is there, waiting for at least one byte; 0 at the end of the connection.</summary>
    public int Receive(Span<byte> buffer)
    {
        try
        {
            return encrypted is null ? socket.Receive(buffer, SocketFlags.None) : encrypted.Read(buffer);
        }
        catch (IOException failure)
        {
            throw Failure(failure);
        }
    }

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

    /// <summary>By the thread that uses the connection; others <see cref="Close"/> it.</summary>
    public void Dispose()
    {
        Close();
        encrypted?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint SendNow(SafeHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    private static SocketException Failure(IOException failure) =>
        failure.InnerException as SocketException
            ?? new SocketException((int)SocketError.ConnectionReset, failure.Message);

    private void SendEncrypted(ReadOnlySpan<byte> bytes)
    {
        try
        {
            encrypted!.Write(bytes);
        }
        catch (IOException failure)
        {
            throw Failure(failure);
        }
    }

    private bool ReceiveExactly(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = Receive(buffer);
            if (count == 0)
                return false;
            buffer = buffer[count..];
        }

        return true;
    }
}
