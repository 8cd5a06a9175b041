namespace Coord.Node.Admin;

/// <summary>One client connection as <c>stat</c> lists it.</summary>
/// <param name="Remote">Address and port of the client.</param>
/// <param name="Queued">Requests without an answer yet.</param>
/// <param name="Received">Packets received.</param>
/// <param name="Sent">Packets sent.</param>
internal readonly record struct ConnectionStatus(string Remote, long Queued, long Received, long Sent);
