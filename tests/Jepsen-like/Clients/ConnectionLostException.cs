namespace Coord.JepsenLike.Clients;

/// <summary>The connection ended or did not answer in time: what was under way is unknown.</summary>
internal sealed class ConnectionLostException(string message, Exception? inner = null) : Exception(message, inner);
