namespace Coord.Node.Admin;

/// <summary>This node's client connections, for words and commands. Any thread.</summary>
internal interface IClientConnections
{
    /// <summary>Connections, those without a session included.</summary>
    int Count { get; }

    /// <summary>TLS handshakes under way.</summary>
    int TlsHandshakes { get; }

    /// <summary>All of them, in no particular order.</summary>
    /// <param name="asking">The connection that asks, if one does.</param>
    IReadOnlyList<ConnectionStatus> List(object? asking = null);

    /// <summary>What <c>crst</c> does.</summary>
    void ResetCounters();

    /// <summary>Ends this share of the connections, from 0 to 1; their sessions live on. Gives how many.</summary>
    int Shed(double share);
}
