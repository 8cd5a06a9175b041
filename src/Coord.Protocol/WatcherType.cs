namespace Coord.Protocol;

/// <summary>
/// Which of a client's watches on a path checkWatches and removeWatches mean. Source: ZooKeeper's <c>WatcherType</c>.
/// </summary>
public enum WatcherType
{
    /// <summary>Set by getChildren.</summary>
    Children = 1,

    /// <summary>Set by getData and exists.</summary>
    Data = 2,

    /// <summary>All of them.</summary>
    Any = 3,

    /// <summary>Set by addWatch with <see cref="AddWatchMode.Persistent"/>.</summary>
    Persistent = 4,

    /// <summary>Set by addWatch with <see cref="AddWatchMode.PersistentRecursive"/>.</summary>
    PersistentRecursive = 5,
}
