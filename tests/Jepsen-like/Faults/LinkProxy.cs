using System.Net;
using System.Net.Sockets;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Stands where one node dials another, and passes bytes on while its gates are open. Bytes that come to a shut gate
/// wait and leave in one burst when it opens, as on a clogged network. Connections are always taken: only a process
/// that is gone refuses them.
/// </summary>
internal sealed class LinkProxy : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket listener = NewSocket();
    private readonly IPEndPoint target;
    private readonly HashSet<Socket> sockets = [];

    public LinkProxy(IPEndPoint target)
    {
        this.target = target;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Address = (IPEndPoint)listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    /// <summary>Where the dialling node finds the other.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Bytes from the node that dials.</summary>
    public Gate Forward { get; } = new();

    /// <summary>Bytes to the node that dials.</summary>
    public Gate Backward { get; } = new();

    /// <summary>Ends all connections, both ends seeing a reset.</summary>
    public void ResetConnections()
    {
        Socket[] open;
        lock (sockets)
            open = [.. sockets];
        foreach (var socket in open)
            Reset(socket);
    }

    public void Dispose()
    {
        listener.Dispose();
        ResetConnections();
        Forward.Open();
        Backward.Open();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket near;
            try
            {
                near = await listener.AcceptAsync();
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(near);
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = NewSocket();
        lock (sockets)
        {
            sockets.Add(near);
            sockets.Add(far);
        }

        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(target);
            await Task.WhenAny(PumpAsync(near, far, Forward), PumpAsync(far, near, Backward));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The node behind is not there, or the connection was reset meanwhile.
        }

        Reset(near);
        Reset(far);
        lock (sockets)
        {
            sockets.Remove(near);
            sockets.Remove(far);
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Gate gate)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                await gate.PassAsync();
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Either side ended: the caller resets both.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Already gone, which is what was wanted.
        }

        socket.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
}
