using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Coord.Node.Hosting;

/// <summary>
/// A host name or IP address with a port, as written in cluster.json: <c>host:port</c> or <c>[::1]:port</c>.
/// </summary>
internal sealed record NodeAddress(string Host, int Port)
{
    /// <summary>Whether it stands for every address of the machine: to listen on, never to dial.</summary>
    public bool IsAny => Host is "0.0.0.0" or "::";

    /// <summary>Reads an address. The port 0 is no address: others could not find it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NodeAddress? address)
    {
        address = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (text is null || colon <= 0)
            return false;
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65_535)
            return false;

        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']') && IPAddress.TryParse(host[1..^1], out var ip))
            host = ip.ToString();
        else if (Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4) || LooksLikeBadIPv4(host))
            return false;
        address = new NodeAddress(host, port);
        return true;
    }

    /// <summary>The address to listen on or to dial; a name is looked up each time, since it may move.</summary>
    /// <exception cref="SocketException">No such host.</exception>
    public IPEndPoint Resolve()
    {
        if (IPAddress.TryParse(Host, out var ip))
            return new IPEndPoint(ip, Port);
        var found = LookUp();
        return found.Length > 0
            ? new IPEndPoint(Array.Find(found, a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0], Port)
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    // What cannot be a name at all may come from a peer too, and is no more than a host that is not there.
    private IPAddress[] LookUp()
    {
        try
        {
            return Dns.GetHostAddresses(Host);
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    // "127.0.0.256" and "10.1" are names to CheckHostName; nobody means one.
    private static bool LooksLikeBadIPv4(string host) =>
        int.TryParse(host.AsSpan(host.LastIndexOf('.') + 1), out _)
        && !(host.AsSpan().Count('.') == 3 && IPAddress.TryParse(host, out _));
}
