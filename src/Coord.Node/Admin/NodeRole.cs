namespace Coord.Node.Admin;

/// <summary>A node's part in the cluster, as operators read it.</summary>
internal enum NodeRole
{
    /// <summary>Recovering its log, or waiting for the other nodes of a new cluster.</summary>
    Starting,
    Follower,
    Candidate,
    Leader,
}
