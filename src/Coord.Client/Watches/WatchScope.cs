namespace Coord.Client;

/// <summary>What a watch stream follows.</summary>
public enum WatchScope
{
    /// <summary>The znode itself: created, bytes set, deleted.</summary>
    Node = 0,

    /// <summary>The list of its children, and the znode's own coming and going.</summary>
    Children = 1,

    /// <summary>
    /// The znode and everything below it: each znode created, set, deleted. By a persistent recursive watch (ZooKeeper
    /// 3.6 or later).
    /// </summary>
    Subtree = 2,
}
