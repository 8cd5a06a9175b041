namespace Coord.Node.Peers;

/// <summary>
/// Sends without waiting, and tells how many bytes went. None also when the connection is broken: the next send that
/// may wait finds out.
/// </summary>
internal delegate int SendAtOnce(ReadOnlySpan<byte> bytes);
