using System.Net;
using System.Net.Sockets;

namespace Coord.JepsenLike.Faults;

/// <summary>Finds a block of free ports for a local cluster: clients at +0, peers at +100, admin at +200.</summary>
internal static class FreePorts
{
    // Below the ports that the kernel hands out by itself.
    private const int Lowest = 15_000;
    private const int Highest = 32_000;

    // A node that is down does not hold its ports, and comes back to them: none is given out twice.
    private static readonly HashSet<int> GivenOut = [];

    public static int Find(int nodes)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var first = Random.Shared.Next(Lowest, Highest - 300);
            if (Block(first, nodes).All(IsFree) && TryTake([.. Block(first, nodes)]))
                return first;
        }

        throw new InvalidOperationException($"no block of free ports between {Lowest} and {Highest}");
    }

    private static IEnumerable<int> Block(int first, int nodes) =>
        from offset in new[] { 0, 100, 200 } from i in Enumerable.Range(0, nodes + 1) select first + offset + i;

    private static bool TryTake(int[] ports)
    {
        lock (GivenOut)
        {
            if (GivenOut.Overlaps(ports))
                return false;
            GivenOut.UnionWith(ports);
            return true;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
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
