namespace Coord.Client;

/// <summary>
/// A znode and everything below it in memory, kept current. Answers during an outage too, and says how old its picture
/// is. Made with no I/O; begins at the first <see cref="LoadedAsync"/> or <see cref="ChangesAsync"/>.
/// </summary>
/// <remarks>
/// Each znode is as it was at one moment; together they are no snapshot: between znodes no order is promised. Below the
/// root a session of ZooKeeper 3.6 or later watches recursively. Over its limits, or where it may not read, the cache
/// ends, and every read says why.
/// </remarks>
public sealed class TreeCache : IAsyncDisposable
{
    private readonly CacheRun run;

    /// <summary>Makes a cache.</summary>
    /// <param name="coord">The client.</param>
    /// <param name="path">Root of the cache; need not exist.</param>
    /// <param name="options">Null: all znodes, 100,000 and 256 MiB at most.</param>
    /// <exception cref="ArgumentException">The path is wrong, or an option out of its range.</exception>
    public TreeCache(ICoordClient coord, string path, TreeCacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(coord);
        ZnodePath.Check(path, nameof(path));
        options ??= new TreeCacheOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxDepth, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxZnodes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1, nameof(options));
        Path = path;
        run = new CacheRun(
            coord, new CachePicture(path, options.MaxZnodes, options.MaxBytes), options.MaxStaleness,
            new TreeFollower(coord, path, options.MaxDepth, options.Filter).RunAsync);
    }

    /// <summary>Root of the cache.</summary>
    public string Path { get; }

    /// <summary>Whether changes may have been missed: disconnected, or not read again since.</summary>
    public bool IsStale => run.IsStale;

    /// <summary>How long changes may have been missed; zero while connected and read.</summary>
    public TimeSpan Staleness => run.Staleness;

    /// <summary>The znodes held, in no order.</summary>
    /// <exception cref="InvalidOperationException">Not loaded yet.</exception>
    /// <exception cref="StaleReadException">Older than <see cref="TreeCacheOptions.MaxStaleness"/>.</exception>
    /// <exception cref="CacheLimitException">Over the limits; the cache has ended.</exception>
    public IReadOnlyList<Znode> Znodes => run.Readable().All();

    /// <summary>One znode, or null: there is none, or the cache does not hold it.</summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="InvalidOperationException">Not loaded yet.</exception>
    /// <exception cref="StaleReadException">Older than <see cref="TreeCacheOptions.MaxStaleness"/>.</exception>
    /// <exception cref="CacheLimitException">Over the limits; the cache has ended.</exception>
    public Znode? this[string path]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(path);
            return run.Readable().Find(path);
        }
    }

    /// <summary>Waits for the first complete picture.</summary>
    /// <param name="ct">Ends the wait, not the loading.</param>
    /// <returns>When the cache can be read.</returns>
    /// <exception cref="CacheLimitException">Over the limits; the cache has ended.</exception>
    /// <exception cref="NoAuthException">Not allowed to read; the cache has ended.</exception>
    public Task LoadedAsync(CancellationToken ct = default) => run.LoadedAsync(ct);

    /// <summary>
    /// What is held now, as added, and then each change; those of one znode that come faster than they are read arrive
    /// as one. Ends with the error of a cache that has ended.
    /// </summary>
    /// <param name="ct">Ends the stream.</param>
    /// <returns>The changes, of one znode in order.</returns>
    public IAsyncEnumerable<CacheChange> ChangesAsync(CancellationToken ct = default) => run.ChangesAsync(ct);

    /// <summary>Ends the cache and takes its watch off the server. Never throws.</summary>
    /// <returns>When it has ended.</returns>
    public ValueTask DisposeAsync() => run.DisposeAsync();
}
