namespace Coord.Client;

/// <summary>
/// One znode in memory, kept current by a one-shot watch. Made with no I/O; begins at the first
/// <see cref="LoadedAsync"/> or <see cref="ChangesAsync"/>.
/// </summary>
public sealed class NodeCache : IAsyncDisposable
{
    private readonly CacheRun run;

    /// <summary>Makes a cache.</summary>
    /// <param name="coord">The client.</param>
    /// <param name="path">The znode; need not exist.</param>
    /// <param name="options">Null: it answers however long it is cut off.</param>
    /// <exception cref="ArgumentException">The path is wrong, or an option out of its range.</exception>
    public NodeCache(ICoordClient coord, string path, CacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(coord);
        ZnodePath.Check(path, nameof(path));
        Path = path;
        run = new CacheRun(
            coord, new CachePicture(path, maxZnodes: 1, long.MaxValue), options?.MaxStaleness,
            (self, ct) => FollowAsync(coord, self, ct));
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>Whether changes may have been missed: disconnected, or not read again since.</summary>
    public bool IsStale => run.IsStale;

    /// <summary>How long changes may have been missed; zero while connected and read.</summary>
    public TimeSpan Staleness => run.Staleness;

    /// <summary>The znode, or null when there is none.</summary>
    /// <exception cref="InvalidOperationException">Not loaded yet.</exception>
    /// <exception cref="StaleReadException">Older than <see cref="CacheOptions.MaxStaleness"/>.</exception>
    public Znode? Value => run.Readable().Find(Path);

    /// <summary>Waits for the first picture.</summary>
    /// <param name="ct">Ends the wait, not the loading.</param>
    /// <returns>When the cache can be read.</returns>
    /// <exception cref="NoAuthException">Not allowed to read; the cache has ended.</exception>
    public Task LoadedAsync(CancellationToken ct = default) => run.LoadedAsync(ct);

    /// <summary>The znode now, as added, if there is one, and then each change, newest only.</summary>
    /// <param name="ct">Ends the stream.</param>
    /// <returns>The changes in order.</returns>
    public IAsyncEnumerable<CacheChange> ChangesAsync(CancellationToken ct = default) => run.ChangesAsync(ct);

    /// <summary>Ends the cache. Never throws.</summary>
    /// <returns>When it has ended.</returns>
    public ValueTask DisposeAsync() => run.DisposeAsync();

    private async Task FollowAsync(ICoordClient coord, CacheRun self, CancellationToken ct)
    {
        await foreach (var item in coord.WatchAsync(Path, WatchScope.Node, ct).ConfigureAwait(false))
        {
            if (item.Kind is WatchEventKind.Resynced)
                self.Unsynced();
            await self.RepeatAsync(
                async () => self.Picture.Apply(Path, await coord.TryGetAsync(Path, null, ct).ConfigureAwait(false)), ct)
                .ConfigureAwait(false);
            self.Synced();
        }
    }
}
