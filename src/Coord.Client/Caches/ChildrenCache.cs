namespace Coord.Client;

/// <summary>
/// The children of a znode in memory, with their bytes, kept current: a <see cref="TreeCache"/> of one level without
/// its root. Made with no I/O; begins at the first <see cref="LoadedAsync"/> or <see cref="ChangesAsync"/>.
/// </summary>
public sealed class ChildrenCache : IAsyncDisposable
{
    private readonly CacheRun run;

    /// <summary>Makes a cache.</summary>
    /// <param name="coord">The client.</param>
    /// <param name="path">The parent; need not exist.</param>
    /// <param name="options">Null: it answers however long it is cut off.</param>
    /// <exception cref="ArgumentException">The path is wrong, or an option out of its range.</exception>
    public ChildrenCache(ICoordClient coord, string path, CacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(coord);
        ZnodePath.Check(path, nameof(path));
        var limits = new TreeCacheOptions();
        Path = path;
        run = new CacheRun(
            coord, new CachePicture(path, limits.MaxZnodes, limits.MaxBytes), options?.MaxStaleness,
            new TreeFollower(coord, path, maxDepth: 1, filter: null).RunAsync);
    }

    /// <summary>The parent.</summary>
    public string Path { get; }

    /// <summary>Whether changes may have been missed: disconnected, or not read again since.</summary>
    public bool IsStale => run.IsStale;

    /// <summary>How long changes may have been missed; zero while connected and read.</summary>
    public TimeSpan Staleness => run.Staleness;

    /// <summary>The children held, in no order.</summary>
    /// <exception cref="InvalidOperationException">Not loaded yet.</exception>
    /// <exception cref="StaleReadException">Older than <see cref="CacheOptions.MaxStaleness"/>.</exception>
    /// <exception cref="CacheLimitException">More than 100,000 znodes or 256 MiB; the cache has ended.</exception>
    public IReadOnlyList<Znode> Children =>
        [.. run.Readable().All().Where(znode => znode.Path != Path)];

    /// <summary>One child by its name, or null.</summary>
    /// <param name="name">The last part of its path.</param>
    /// <exception cref="ArgumentException">No valid name.</exception>
    /// <exception cref="InvalidOperationException">Not loaded yet.</exception>
    /// <exception cref="StaleReadException">Older than <see cref="CacheOptions.MaxStaleness"/>.</exception>
    public Znode? this[string name] => run.Readable().Find(ZnodePath.Combine(Path, name));

    /// <summary>Waits for the first complete picture.</summary>
    /// <param name="ct">Ends the wait, not the loading.</param>
    /// <returns>When the cache can be read.</returns>
    /// <exception cref="CacheLimitException">More than 100,000 znodes or 256 MiB; the cache has ended.</exception>
    /// <exception cref="NoAuthException">Not allowed to read; the cache has ended.</exception>
    public Task LoadedAsync(CancellationToken ct = default) => run.LoadedAsync(ct);

    /// <summary>
    /// The children held now, as added, and then each change; those of one child that come faster than they are read
    /// arrive as one.
    /// </summary>
    /// <param name="ct">Ends the stream.</param>
    /// <returns>The changes, of one child in order.</returns>
    public IAsyncEnumerable<CacheChange> ChangesAsync(CancellationToken ct = default) =>
        run.ChangesAsync(ct).Where(change => change.Path != Path);

    /// <summary>Ends the cache and takes its watch off the server. Never throws.</summary>
    /// <returns>When it has ended.</returns>
    public ValueTask DisposeAsync() => run.DisposeAsync();
}
