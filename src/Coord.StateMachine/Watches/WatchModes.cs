namespace Coord.StateMachine;

/// <summary>The modes that a watcher's watch on a path of a table has together (zookeeper-protocol 6.1).</summary>
[Flags]
public enum WatchModes : byte
{
    /// <summary>No watch.</summary>
    None = 0,

    /// <summary>Told once.</summary>
    Standard = 1,

    /// <summary>Told of every change until it is removed.</summary>
    Persistent = 2,

    /// <summary>The same, for the znode and all below it.</summary>
    PersistentRecursive = 4,
}
