using System.Net;
using System.Net.Sockets;

namespace Coord.JepsenLike.Networks;

/// <summary>The cluster as one client has it.</summary>
/// <param name="Nodes">Where it finds the nodes; node N is at N-1.</param>
/// <param name="NewSocket">Makes its sockets.</param>
internal sealed record ClientView(IReadOnlyList<IPEndPoint> Nodes, Func<Socket> NewSocket)
{
    /// <summary>A socket of the place where this process lives.</summary>
    public static Socket OwnSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
