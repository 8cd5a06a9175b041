namespace Coord.StateMachine;

/// <summary>The lists of setWatches, in the order in which they are handled (zookeeper-protocol 6.6).</summary>
public enum RestoredWatch
{
    /// <summary>Watches of getData and of exists on a znode that was there.</summary>
    Data,

    /// <summary>Watches of exists on a znode that was not there.</summary>
    Exist,

    /// <summary>Watches of getChildren.</summary>
    Child,
}
