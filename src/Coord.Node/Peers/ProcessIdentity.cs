using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>Who this process is: fixed before its first connection (raft-design I3, I4).</summary>
/// <param name="Id">The node's id in cluster.json.</param>
/// <param name="Incarnation">Random bits drawn with the data directory.</param>
/// <param name="StartNumber">Counts the processes on this data directory.</param>
internal sealed record ProcessIdentity(NodeId Id, UInt128 Incarnation, long StartNumber);
