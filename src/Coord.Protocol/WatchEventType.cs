namespace Coord.Protocol;

/// <summary>What happened to a watched znode.</summary>
public enum WatchEventType
{
    /// <summary>A change of the session's state; made by clients only.</summary>
    None = -1,

    /// <summary>The znode was created.</summary>
    NodeCreated = 1,

    /// <summary>The znode was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>The znode's data was written.</summary>
    NodeDataChanged = 3,

    /// <summary>A child was created or deleted.</summary>
    NodeChildrenChanged = 4,

    /// <summary>A data watch was removed; made by clients only.</summary>
    DataWatchRemoved = 5,

    /// <summary>A child watch was removed; made by clients only.</summary>
    ChildWatchRemoved = 6,

    /// <summary>A persistent watch was removed; made by clients only.</summary>
    PersistentWatchRemoved = 7,
}
