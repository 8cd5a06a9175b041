namespace Coord.Protocol;

/// <summary>What addWatch asks for. Source: ZooKeeper's <c>AddWatchMode</c>.</summary>
public enum AddWatchMode
{
    /// <summary>Every change of the znode and of its list of children, until the watch is removed.</summary>
    Persistent = 0,

    /// <summary>Every creation, deletion and write of the znode and of all below it.</summary>
    PersistentRecursive = 1,
}
