using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Coord.JepsenLike.Networks;

/// <summary>The cluster as one client has it.</summary>
/// <param name="nodes">Where it finds the nodes that the cluster began with; node N is at N-1.</param>
/// <param name="newSocket">Makes its sockets.</param>
internal sealed class ClientView(IReadOnlyList<IPEndPoint> nodes, Func<Socket> newSocket)
{
    private volatile ImmutableSortedDictionary<int, IPEndPoint> members =
        nodes.Select((at, i) => KeyValuePair.Create(i + 1, at)).ToImmutableSortedDictionary();

    public IReadOnlyList<IPEndPoint> Nodes => nodes;

    /// <summary>
    /// The nodes that are members now, by number: what a connection string would name that is kept up to date.
    /// </summary>
    public ImmutableSortedDictionary<int, IPEndPoint> Members => members;

    /// <summary>A socket of the place where this process lives.</summary>
    public static Socket OwnSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Socket NewSocket() => newSocket();

    /// <summary>A node has become a member, or is one again.</summary>
    /// <param name="node">Its number.</param>
    /// <param name="address">Where it is, unless the cluster began with it.</param>
    public void Join(int node, IPEndPoint address) =>
        members = members.SetItem(node, node <= nodes.Count ? nodes[node - 1] : address);

    /// <summary>A node is no member any more.</summary>
    public void Leave(int node) => members = members.Remove(node);
}
