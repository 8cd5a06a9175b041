namespace Coord.Node.Hosting;

/// <summary>
/// Where the addresses of this node's ports come from: source, key and value, as messages about them begin.
/// </summary>
internal sealed record NodePorts(string Client, string Peer, string Admin)
{
    public string SecureClient { get; init; } = "secureClient";
}
