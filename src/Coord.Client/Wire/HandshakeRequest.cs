namespace Coord.Client;

/// <summary>What a handshake offers: the session to take up (id 0: a new one) and what this client has seen.</summary>
internal sealed record HandshakeRequest(
    long SessionId,
    byte[] Password,
    TimeSpan Timeout,
    long LastZxid,
    bool AllowReadOnly,
    IReadOnlyList<AuthCredential> Auth,
    List<(WatchTable Table, string Path)> Watches)
{
    /// <summary>
    /// The watches that stay, to be told of what they missed if the server can; null when they are among the others.
    /// </summary>
    internal MissedPast? Past { get; init; }
}
