namespace Coord.Client;

/// <summary>What a server answered to a handshake.</summary>
internal enum HandshakeVerdict
{
    /// <summary>It closed the connection without a word: behind us, or without a quorum.</summary>
    Refused,

    /// <summary>The session offered is over.</summary>
    Expired,

    /// <summary>Our credentials are refused.</summary>
    AuthFailed,

    /// <summary>The session stands.</summary>
    Accepted,
}

/// <summary>The outcome of a handshake.</summary>
internal sealed record HandshakeResult(
    HandshakeVerdict Verdict,
    long SessionId,
    byte[] Password,
    TimeSpan Timeout,
    bool IsReadOnly,
    Moment SentAt,
    ServerFeatures Features,
    long Zxid)
{
    /// <summary>
    /// Whether the cluster is behind what this client saw of it. Known for new sessions only: making one is a write,
    /// so the server that answers has everything committed before.
    /// </summary>
    internal bool IsAfterReset { get; init; }

    internal static HandshakeResult Of(HandshakeVerdict verdict) =>
        new(verdict, 0, [], default, false, default, ServerFeatures.None, 0);
}
