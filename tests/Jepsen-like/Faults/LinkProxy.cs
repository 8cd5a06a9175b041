using System.Net;
using System.Net.Sockets;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Stands where one node dials another, and passes bytes on while its gates are open. Bytes that come to a shut gate
/// wait and leave in one burst when it opens, as on a clogged network. Connections are always taken: only a process
/// that is gone refuses them.
/// </summary>
internal sealed class LinkProxy : IDisposable
{
    private readonly Socket listener;
    private readonly IPEndPoint target;
    private readonly Func<Socket> newSocket;
    private readonly HashSet<Socket> sockets = [];

    /// <summary>Opens the proxy where the sockets that it is given belong, on loopback.</summary>
    public LinkProxy(IPEndPoint target, Func<Socket> newSocket)
    {
        (this.target, this.newSocket, listener) = (target, newSocket, newSocket());
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Address = (IPEndPoint)listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    /// <summary>Where the dialling node finds the other.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Bytes from the node that dials.</summary>
    public Lane Forward { get; } = new();

    /// <summary>Bytes to the node that dials.</summary>
    public Lane Backward { get; } = new();

    /// <summary>Makes bytes take longer, both ways.</summary>
    public void Slow(Lag lag) => (Forward.Lag, Backward.Lag) = (lag, lag);

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
        Forward.Gate.Open();
        Backward.Gate.Open();
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
        using var far = newSocket();
        far.NoDelay = true;
        lock (sockets)
        {
            sockets.Add(near);
            sockets.Add(far);
        }

        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(target);
            await Task.WhenAny(Forward.PumpAsync(near, far), Backward.PumpAsync(far, near));
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
}
