using System.Net;
using System.Net.Sockets;

namespace Coord.Client.Tests;

/// <summary>
/// Finds ports for a launcher: it takes the first one and the next ones for clients, and the same a hundred and two
/// hundred further on.
/// </summary>
internal static class FreePorts
{
    // Below the range from which outgoing connections take theirs.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;
    private const int Attempts = 100;

    public static int First(int nodes)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var first = Random.Shared.Next(Lowest, Highest);
            var needed = Enumerable.Range(first, nodes + 1).SelectMany(port => new[] { port, port + 100, port + 200 });
            if (needed.All(IsFree))
                return first;
        }

        throw new InvalidOperationException("No ports are free.");
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
