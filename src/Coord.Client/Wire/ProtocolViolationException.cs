namespace Coord.Client;

/// <summary>
/// The server sent what the protocol does not allow. The connection is dropped; users never see this.
/// </summary>
internal sealed class ProtocolViolationException(string what) : Exception($"The server broke the protocol: {what}.");
