using System.Net;
using System.Net.Sockets;

namespace Coord.Client;

/// <summary>
/// The addresses to try. Each list is shuffled once; names are resolved again at every attempt; a resolver failure
/// skips the name. A list that was learned goes before the one given, which stays behind it: it never shrinks to
/// nothing.
/// </summary>
internal sealed class EndpointList
{
    private readonly Lock gate = new();
    private readonly Endpoint[] given;
    private Endpoint[] first;
    private Endpoint[] rest = [];
    private int start;
    private int tried;

    internal EndpointList(IReadOnlyList<Endpoint> endpoints)
    {
        given = [.. endpoints];
        Random.Shared.Shuffle(given);
        first = given;
    }

    /// <summary>How many attempts make a round in which every name was tried once.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
                return first.Length + rest.Length;
        }
    }

    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    internal static IPAddress[] Resolve(Endpoint endpoint) =>
        IPAddress.TryParse(endpoint.Host, out var address) ? [address] : Dns.GetHostAddresses(endpoint.Host);

    internal Endpoint Next()
    {
        lock (gate)
        {
            var index = tried;
            tried = (tried + 1) % (first.Length + rest.Length);
            return index < first.Length ? first[(start + index) % first.Length] : rest[index - first.Length];
        }
    }

    /// <summary>The address given last was good: the next round begins with those after it.</summary>
    internal void Connected()
    {
        lock (gate)
        {
            start = (start + tried) % first.Length;
            tried = 0;
        }
    }

    /// <summary>The cluster is to be found at these addresses now; an empty list says nothing.</summary>
    internal void Learn(IReadOnlyList<Endpoint> endpoints)
    {
        lock (gate)
        {
            if (endpoints.Count == 0 || first.ToHashSet().SetEquals(endpoints))
                return;
            first = [.. endpoints.Distinct()];
            Random.Shared.Shuffle(first);
            rest = [.. given.Except(first)];
            start = tried = 0;
        }
    }
}
