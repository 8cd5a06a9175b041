using System.Globalization;
using System.Text;

namespace Coord.Client;

/// <summary>Reads the clients' addresses out of <c>/zookeeper/config</c> (ZooKeeper Dynamic Reconfiguration).</summary>
internal static class MemberList
{
    internal const string Path = "/zookeeper/config";

    private const string Server = "server.";

    /// <returns>The addresses that can be read: lines that name none are passed over.</returns>
    internal static List<Endpoint> Read(ReadOnlySpan<byte> config)
    {
        var found = new List<Endpoint>();
        foreach (var line in Encoding.UTF8.GetString(config).Split('\n'))
        {
            if (line.StartsWith(Server, StringComparison.Ordinal) && ReadLine(line.Trim()) is { } endpoint)
                found.Add(endpoint);
        }

        return found;
    }

    // server.1=host:peer:election:role;[address:]port, where no address, or all of them, means that of the server.
    private static Endpoint? ReadLine(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var semicolon = line.IndexOf(';', StringComparison.Ordinal);
        if (equals < 0 || semicolon < equals)
            return null;
        var client = line[(semicolon + 1)..];
        var colon = client.LastIndexOf(':');
        if (!int.TryParse(client[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            return null;
        }

        var host = colon < 0 ? string.Empty : Bare(client[..colon]);
        if (host is "" or "0.0.0.0" or "::")
            host = HostOf(line[(equals + 1)..semicolon]);
        return host.Length == 0 ? null : new Endpoint(host, port);
    }

    private static string HostOf(string server)
    {
        if (server.StartsWith('['))
            return server.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? server[1..end] : string.Empty;
        return server.Split(':')[0];
    }

    private static string Bare(string host) => host is ['[', .. var inner, ']'] ? inner : host;
}
