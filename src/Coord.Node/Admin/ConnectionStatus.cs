using Coord.Node.Clients;

namespace Coord.Node.Admin;

/// <summary>One client connection as <c>stat</c> and <c>cons</c> list it.</summary>
/// <param name="Remote">Address and port of the client.</param>
/// <param name="IsAsking">It asks this very question, and is not read meanwhile.</param>
/// <param name="Queued">Requests without an answer yet.</param>
/// <param name="Session">What lives on it; null before its handshake.</param>
internal readonly record struct ConnectionStatus(string Remote, bool IsAsking, int Queued, ConnectedSession? Session)
{
    /// <summary>It came by TLS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Packets received: a connection without a session has sent its word at most.</summary>
    public long Received => Session?.Figures.Received ?? (IsAsking ? 1 : 0);

    public long Sent => Session?.Figures.Sent ?? 0;
}

/// <summary>The session of a connection.</summary>
/// <param name="Id">The zxid of its creation; 0 until its handshake is applied.</param>
/// <param name="TimeoutMs">The negotiated timeout.</param>
/// <param name="Figures">What was counted.</param>
internal sealed record ConnectedSession(long Id, int TimeoutMs, ConnectionFigures Figures);
