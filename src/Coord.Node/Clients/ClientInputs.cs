using Coord.Node.Replica;

namespace Coord.Node.Clients;

/// <summary>A connection sent its handshake.</summary>
internal sealed record ClientConnecting(ClientSession Session, ConnectHandshake Handshake) : ReplicaInput;

/// <summary>All complete frames of one socket read, length prefixes included, one behind the other.</summary>
internal sealed record ClientFrames(ClientSession Session, byte[] Frames, int Count) : ReplicaInput;

/// <summary>A connection ended from the client's side, or by an error of its socket.</summary>
internal sealed record ClientGone(ClientSession Session) : ReplicaInput;

/// <summary>What was flushed before a mark is taken up for sending (<see cref="IClientSends"/>).</summary>
internal sealed record SendsTaken : ReplicaInput;
