namespace Coord.Client;

/// <summary>One address of the cluster: a host name or IP address, and a port.</summary>
/// <param name="Host">DNS name, IPv4 or IPv6 address (without brackets).</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
public readonly record struct Endpoint(string Host, int Port)
{
    /// <summary>Port used where none is written, ZooKeeper's own: 2181.</summary>
    public const int DefaultPort = 2181;

    /// <summary>Port used where none is written and the scheme is <c>coords</c>: 2281.</summary>
    public const int DefaultTlsPort = 2281;

    /// <summary>The form of a connection string, <c>host:port</c>, IPv6 in brackets.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
