using System.Net;
using System.Net.Sockets;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Networks;

/// <summary>
/// Where the clients of a run stand: together on loopback, or in groups, each in a namespace of its own; with a proxy
/// before every node or not.
/// </summary>
internal sealed class ClientSide : IDisposable
{
    private readonly IReadOnlyList<IPEndPoint> nodes;
    private readonly ClientView[] views;
    private readonly List<LinkProxy> links = [];

    public ClientSide(IReadOnlyList<IPEndPoint> nodes, NamespaceNetwork? network, bool hasProxies)
    {
        this.nodes = nodes;
        var sockets = network is null ? [ClientView.OwnSocket] : GroupSockets(network);
        views = [.. sockets.Select(socket => new ClientView(hasProxies ? Proxies(socket) : nodes, socket))];
    }

    /// <summary>
    /// What client number N has. Clients that begin at the same node are dealt out to different groups.
    /// </summary>
    public ClientView ViewOf(int client) => views[(client + (2 * (client / nodes.Count))) % views.Length];

    /// <summary>What a client of any group has.</summary>
    public ClientView AnyView(Random random) => views[random.Next(views.Length)];

    /// <summary>A node has become a member, or is one again: clients that hear of it may go over to it.</summary>
    public void Join(int node, IPEndPoint address) => Array.ForEach(views, view => view.Join(node, address));

    /// <summary>A node is no member any more: clients that hear of it leave it.</summary>
    public void Leave(int node) => Array.ForEach(views, view => view.Leave(node));

    /// <summary>Makes all bytes between clients and nodes take longer.</summary>
    public void Slow(Lag lag) => links.ForEach(link => link.Slow(lag));

    public void Dispose() => links.ForEach(link => link.Dispose());

    private static Func<Socket>[] GroupSockets(NamespaceNetwork network) =>
    [
        .. from @group in Enumerable.Range(1, NamespaceNetwork.ClientGroups)
           let name = network.NamespaceOf(Place.Clients(@group))
           select (Func<Socket>)(() => NamespaceSockets.Open(name)),
    ];

    private IPEndPoint[] Proxies(Func<Socket> newSocket)
    {
        var proxies = nodes.Select(node => new LinkProxy(node, newSocket)).ToArray();
        links.AddRange(proxies);
        return [.. proxies.Select(proxy => proxy.Address)];
    }
}
