using System.Net;
using System.Net.Sockets;

namespace FlashSale.Running;

/// <summary>Finds room for a local cluster, so that two of them on one machine leave each other alone.</summary>
internal static class FreePorts
{
    // Below the range from which the kernel gives ports to clients.
    private const int From = 20_000;
    private const int To = 32_000;
    private const int Attempts = 100;

    // Clients connect at the first port and up, peers 100 above, the admin port is 200 above.
    private static readonly int[] Offsets = [0, 100, 200];

    public static int FirstFor(int nodes)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var first = Random.Shared.Next(From, To);
            if (Offsets.SelectMany(offset => Enumerable.Range(first + offset, nodes)).All(IsFree))
                return first;
        }

        throw new SaleException($"No {nodes} free ports between {From} and {To}: name the first with --port.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;   // Somebody listens there.
        }
    }
}
