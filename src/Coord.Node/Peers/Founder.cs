using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>A founding node, and the incarnation it had then (raft-design M14, I3).</summary>
internal readonly record struct Founder(NodeId Id, UInt128 Incarnation);
