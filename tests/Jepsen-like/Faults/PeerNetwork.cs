using System.Net;
using System.Net.Sockets;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>The links between nodes, one proxy for each direction of dialling; nodes are counted from 1.</summary>
internal sealed class PeerNetwork : IDisposable
{
    private readonly Dictionary<(int From, int To), LinkProxy> links = [];
    private readonly IReadOnlyList<IPEndPoint> peers;
    private readonly int nodes;

    /// <summary>Opens a proxy in front of every node for every other one.</summary>
    /// <param name="peers">Where the nodes listen for each other.</param>
    /// <param name="newSocket">Makes a socket where this node lives; its proxies stand there too.</param>
    public PeerNetwork(IReadOnlyList<IPEndPoint> peers, Func<int, Socket> newSocket)
    {
        this.peers = peers;
        nodes = peers.Count;
        foreach (var from in Enumerable.Range(1, nodes))
        {
            foreach (var to in OthersThan(from))
                links.Add((from, to), new LinkProxy(peers[to - 1], () => newSocket(from)));
        }
    }

    /// <summary>What <see cref="Redirect"/> needs for this node to dial the others through the proxies.</summary>
    public string SettingOf(int node) =>
        string.Join(',', OthersThan(node).Select(to => $"{peers[to - 1]}>{AddressOf(node, to)}"));

    /// <summary>Where one node finds another.</summary>
    public IPEndPoint AddressOf(int from, int to) => links[(from, to)].Address;

    /// <summary>Holds everything that one node sends to another.</summary>
    public void Hold(int from, int to)
    {
        links[(from, to)].Forward.Gate.Shut();
        links[(to, from)].Backward.Gate.Shut();
    }

    /// <summary>Holds both directions.</summary>
    public void Cut(int one, int other)
    {
        Hold(one, other);
        Hold(other, one);
    }

    /// <summary>Cuts one node off from all others.</summary>
    public void Isolate(int node)
    {
        foreach (var other in OthersThan(node))
            Cut(node, other);
    }

    /// <summary>Holds what a node sends, and lets it hear.</summary>
    public void Mute(int node)
    {
        foreach (var other in OthersThan(node))
            Hold(node, other);
    }

    /// <summary>Holds what is sent to a node, and lets it speak.</summary>
    public void Deafen(int node)
    {
        foreach (var other in OthersThan(node))
            Hold(other, node);
    }

    /// <summary>Resets every connection of a node; what it held is lost with it.</summary>
    public void ResetConnections(int node)
    {
        foreach (var other in OthersThan(node))
        {
            links[(node, other)].ResetConnections();
            links[(other, node)].ResetConnections();
        }
    }

    /// <summary>Makes all bytes between nodes take longer.</summary>
    public void Slow(Lag lag)
    {
        foreach (var link in links.Values)
            link.Slow(lag);
    }

    /// <summary>Makes all bytes from and to a node take longer.</summary>
    public void Slow(int node, Lag lag)
    {
        foreach (var other in OthersThan(node))
            Slow(node, other, lag);
    }

    /// <summary>Makes one link slow, both ways.</summary>
    public void Slow(int one, int other, Lag lag)
    {
        links[(one, other)].Slow(lag);
        links[(other, one)].Slow(lag);
    }

    /// <summary>Lets all bytes pass; they may still be slow.</summary>
    public void Heal()
    {
        foreach (var link in links.Values)
        {
            link.Forward.Gate.Open();
            link.Backward.Gate.Open();
        }
    }

    public void Dispose()
    {
        foreach (var link in links.Values)
            link.Dispose();
    }

    private IEnumerable<int> OthersThan(int node) => Enumerable.Range(1, nodes).Where(other => other != node);
}
