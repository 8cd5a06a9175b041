namespace Coord.JepsenLike.Clients;

/// <summary>The lists in which setWatches2 names watches, in their order (zookeeper-protocol 6.6).</summary>
internal enum WatchList
{
    /// <summary>Left by getData, and by exists where there was a znode.</summary>
    Data,

    /// <summary>Left by exists where there was none.</summary>
    Exist,

    /// <summary>Left by getChildren.</summary>
    Child,

    Persistent,
    Recursive,
}
