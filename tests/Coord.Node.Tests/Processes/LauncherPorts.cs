using System.Net;
using System.Net.Sockets;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// Free ports for a launched cluster: clients from the first one on, peers a hundred further on, admin two hundred.
/// Other tests do not choose them while this is held: who holds the UDP port of a number has the TCP ports of its ten.
/// </summary>
internal sealed class LauncherPorts : IDisposable
{
    // Below the range from which the kernel takes the ports of outgoing connections.
    private const int Lowest = 10_000;
    private const int Highest = 32_000;
    private const int Attempts = 200;
    private const int Ten = 10;

    private readonly List<Socket> held = [];

    private LauncherPorts(int first) => First = first;

    public int First { get; }

    public static LauncherPorts Take()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var ports = new LauncherPorts(Random.Shared.Next(Lowest / Ten, Highest / Ten) * Ten);
            if (ports.TryHold())
                return ports;
            ports.Dispose();
        }

        throw new InvalidOperationException($"No ports are free between {Lowest} and {Highest}.");
    }

    public void Dispose() => held.ForEach(static socket => socket.Dispose());

    private bool TryHold()
    {
        int[] tens = [First, First + 100, First + 200];
        return tens.All(port => TryBind(port, SocketType.Dgram, ProtocolType.Udp, held))
            && tens.SelectMany(port => Enumerable.Range(port, Ten)).All(IsFree);
    }

    private static bool IsFree(int port)
    {
        var bound = new List<Socket>();
        var isFree = TryBind(port, SocketType.Stream, ProtocolType.Tcp, bound);
        bound.ForEach(static socket => socket.Dispose());
        return isFree;
    }

    private static bool TryBind(int port, SocketType type, ProtocolType protocol, List<Socket> bound)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        bound.Add(socket);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
