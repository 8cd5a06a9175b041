namespace Coord.Client;

/// <summary>How a cache of one znode or of its children answers.</summary>
public sealed record CacheOptions
{
    /// <summary>
    /// How old the picture may be: reads of an older one end with <see cref="StaleReadException"/>. Null (default): the
    /// cache answers however long it is cut off.
    /// </summary>
    public TimeSpan? MaxStaleness { get; init; }
}
