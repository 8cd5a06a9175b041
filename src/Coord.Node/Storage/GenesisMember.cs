namespace Coord.Node.Storage;

/// <summary>A founding node of the cluster (raft-design M14).</summary>
internal readonly record struct GenesisMember(int Node, UInt128 Incarnation);
