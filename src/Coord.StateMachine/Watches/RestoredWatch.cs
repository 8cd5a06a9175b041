namespace Coord.StateMachine;

/// <summary>The lists of setWatches2, in the order in which they are handled (zookeeper-protocol 6.6).</summary>
internal enum RestoredWatch
{
    /// <summary>Watches of getData and of exists on a znode that was there.</summary>
    Data,

    /// <summary>Watches of exists on a znode that was not there.</summary>
    Exist,

    /// <summary>Watches of getChildren.</summary>
    Child,

    /// <summary>Watches of addWatch, persistent; setWatches has none.</summary>
    Persistent,

    /// <summary>Watches of addWatch, persistent recursive; setWatches has none.</summary>
    PersistentRecursive,
}
