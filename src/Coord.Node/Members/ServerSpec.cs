using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Coord.Node.Hosting;
using Coord.Raft;

namespace Coord.Node.Members;

/// <summary>
/// A server as <c>reconfig</c> names it: <c>server.ID=host:quorumPort:electionPort[:role];[clientHost:]clientPort</c>
/// (zookeeper-protocol 11).
/// </summary>
internal sealed record ServerSpec(NodeId Id, NodeAddress Peer, int ElectionPort, bool Votes, NodeAddress Client)
{
    /// <summary>Reads servers separated by commas; none in an empty text.</summary>
    public static bool TryParseAll(string text, out List<ServerSpec> servers)
    {
        servers = [];
        foreach (var part in Parts(text))
        {
            if (!TryParse(part, out var server) || servers.Exists(other => other.Id == server.Id))
                return false;
            servers.Add(server);
        }

        return true;
    }

    /// <summary>Reads numbers of servers separated by commas; none in an empty text.</summary>
    public static bool TryParseIds(string text, out List<NodeId> ids)
    {
        ids = [];
        foreach (var part in Parts(text))
        {
            if (!TryParseId(part, out var id))
                return false;
            if (!ids.Contains(id))
                ids.Add(id);
        }

        return true;
    }

    /// <summary>Reads one server; all three ports must be there, the first two of them different.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServerSpec? server)
    {
        server = null;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        if (!text.StartsWith("server.", StringComparison.Ordinal) || equals < 0 || semicolon < equals
            || !TryParseId(text["server.".Length..equals], out var id))
            return false;

        var (host, fields) = SplitHost(text[(equals + 1)..semicolon].Trim());
        if (fields.Length is < 2 or > 3 || !NodeAddress.TryParse($"{host}:{fields[0]}", out var peer)
            || !TryParsePort(fields[1], out var electionPort) || electionPort == peer.Port
            || !TryParseRole(fields, out var votes)
            || !TryParseClient(text[(semicolon + 1)..].Trim(), host, out var client))
            return false;
        server = new ServerSpec(id, peer, electionPort, votes, client);
        return true;
    }

    private static string[] Parts(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // A host in brackets is IPv6, with colons of its own.
    private static (string Host, string[] Fields) SplitHost(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        var colon = text.IndexOf(':', Math.Max(end, 0));
        return colon < 0 ? (text, []) : (text[..colon], text[(colon + 1)..].Split(':'));
    }

    private static bool TryParseRole(string[] fields, out bool votes)
    {
        votes = fields.Length < 3 || fields[2] == "participant";
        return votes || fields[2] == "observer";
    }

    // Without a host of its own the client port is on every address: clients then use the server's host.
    private static bool TryParseClient(string text, string host, [NotNullWhen(true)] out NodeAddress? client) =>
        NodeAddress.TryParse(text.Contains(':', StringComparison.Ordinal) ? text : $"{host}:{text}", out client);

    private static bool TryParseId(string text, out NodeId id)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        id = new NodeId(number);
        return isNumber && number > 0;
    }

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535;
}
