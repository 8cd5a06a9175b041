namespace Coord.Client;

/// <summary>What a cache of a tree holds, and how it answers.</summary>
public sealed record TreeCacheOptions
{
    /// <summary>Levels below the root of the cache that are held; 0: the root alone. Default all, 0 or above.</summary>
    public int MaxDepth { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether a path is held; what it leaves out is left out with all below. Called on the pool, must not throw.
    /// Default null: all are held.
    /// </summary>
    public Func<string, bool>? Filter { get; init; }

    /// <summary>
    /// More znodes end the cache with <see cref="CacheLimitException"/>. Default 100,000, 1 or above.
    /// </summary>
    public int MaxZnodes { get; init; } = 100_000;

    /// <summary>
    /// More bytes of znodes and paths end the cache with <see cref="CacheLimitException"/>. Default 256 MiB, 1 or
    /// above.
    /// </summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// How old the picture may be: reads of an older one end with <see cref="StaleReadException"/>. Null (default): the
    /// cache answers however long it is cut off.
    /// </summary>
    public TimeSpan? MaxStaleness { get; init; }
}
