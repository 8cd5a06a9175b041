namespace Coord.JepsenLike.Clients;

/// <summary>
/// A server sent what no ZooKeeper server may send. It ends the run: this is a finding, not a lost connection.
/// </summary>
internal sealed class ProtocolViolationException(string message) : Exception(message);
