namespace Coord.Client;

/// <summary>What happened to a znode between two pictures of a cache.</summary>
public enum CacheChangeKind
{
    /// <summary>It was not in the cache before.</summary>
    Added = 0,

    /// <summary>Its bytes or metadata are others, or it was deleted and created again.</summary>
    Changed = 1,

    /// <summary>It is not there any more.</summary>
    Removed = 2,
}
