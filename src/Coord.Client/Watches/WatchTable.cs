namespace Coord.Client;

/// <summary>Which list of setWatches a one-shot watch stands in.</summary>
internal enum WatchTable
{
    /// <summary>Set by getData, or by exists on a znode that is there.</summary>
    Data,

    /// <summary>Set by exists on a znode that is absent.</summary>
    Exist,

    /// <summary>Set by getChildren.</summary>
    Child,

    /// <summary>Set by addWatch: persistent, and recursive.</summary>
    Recursive,
}
