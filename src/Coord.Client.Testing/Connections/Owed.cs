using Coord.Protocol;

namespace Coord.Client.Testing;

/// <summary>A reply that a client waits for.</summary>
/// <param name="Xid">The request's own.</param>
/// <param name="IsDropped">The connection is cut instead of sending it.</param>
/// <param name="Refusal">The node never saw the request: this is the reply.</param>
internal readonly record struct Owed(int Xid, bool IsDropped, ErrorCode? Refusal);
