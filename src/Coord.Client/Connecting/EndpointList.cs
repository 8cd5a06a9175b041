using System.Net;
using System.Net.Sockets;

namespace Coord.Client;

/// <summary>
/// The addresses in an order shuffled once per client. Names are resolved again at every attempt; a resolver failure
/// skips the name. Used by the connection's thread only.
/// </summary>
internal sealed class EndpointList
{
    private readonly Endpoint[] endpoints;
    private int next;

    internal EndpointList(IReadOnlyList<Endpoint> endpoints)
    {
        this.endpoints = [.. endpoints];
        Random.Shared.Shuffle(this.endpoints);
    }

    /// <summary>How many attempts make a round in which every name was tried once.</summary>
    internal int Count => endpoints.Length;

    internal Endpoint Next()
    {
        var endpoint = endpoints[next];
        next = (next + 1) % endpoints.Length;
        return endpoint;
    }

    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    internal static IPAddress[] Resolve(Endpoint endpoint) =>
        IPAddress.TryParse(endpoint.Host, out var address) ? [address] : Dns.GetHostAddresses(endpoint.Host);
}
