namespace Coord.Differential.Captured;

/// <summary>What passed on one connection: a request, if any, then all that came up to its reply.</summary>
/// <param name="Connection">Which connection of the conversation, counted from 1; a new one begins with a handshake.
/// </param>
/// <param name="Name">What it shows.</param>
/// <param name="Request">A frame's payload; null where the client only listens.</param>
internal sealed record Exchange(int Connection, string Name, byte[]? Request)
{
    /// <summary>Payloads of events, and of the reply, which is the last one.</summary>
    public List<byte[]> Answers { get; init; } = [];

    /// <summary>How the connection is left.</summary>
    public ExchangeEnd End { get; set; }
}

/// <summary>What becomes of the connection behind an exchange.</summary>
internal enum ExchangeEnd
{
    Open,

    /// <summary>The server closes it.</summary>
    Closed,

    /// <summary>The client breaks it off.</summary>
    Cut,
}
