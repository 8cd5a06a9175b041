namespace Coord.Node.Storage;

/// <summary>
/// Whose log this is; stands in the header of every segment, so that files of another node are refused.
/// </summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Node">The node's id.</param>
/// <param name="Incarnation">Random bits drawn with the data directory (raft-design I3).</param>
internal sealed record LogIdentity(UInt128 Cluster, int Node, UInt128 Incarnation);
