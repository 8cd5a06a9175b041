namespace Coord.Client;

/// <summary>Why somebody who waits for an event is woken.</summary>
internal enum FiredBy
{
    /// <summary>Something may have changed.</summary>
    Change,

    /// <summary>The znode was deleted. One of its name may be there again.</summary>
    Deletion,

    /// <summary>Events may be missing.</summary>
    Gap,
}
