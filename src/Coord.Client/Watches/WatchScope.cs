namespace Coord.Client;

/// <summary>What a watch stream follows.</summary>
public enum WatchScope
{
    /// <summary>The znode itself: created, bytes set, deleted.</summary>
    Node = 0,

    /// <summary>The list of its children, and the znode's own coming and going.</summary>
    Children = 1,
}
