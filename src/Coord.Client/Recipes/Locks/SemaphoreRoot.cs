namespace Coord.Client.Recipes;

/// <summary>The root of a semaphore, which keeps its limit.</summary>
internal sealed class SemaphoreRoot(ICoordClient client, string path, int limit)
{
    internal const string Tag = "coord:semaphore:1";

    // The wire takes this version for "any".
    private const int VersionThatMeansAny = -1;

    // Persistent, also where parents are cleaned up: the limit must outlive the permits.
    private readonly LockRoot root = new(client, path, Tag, isContainer: false, number: limit);
    private volatile bool isOpen;
    private volatile int newest;

    /// <summary>Sees to it, once, that the root is there and has the limit we were opened with.</summary>
    /// <exception cref="SemaphoreLimitException">It has another.</exception>
    internal async ValueTask OpenAsync(CancellationToken ct)
    {
        if (isOpen)
            return;
        var (stored, _) = await ReadAsync(ct).ConfigureAwait(false);
        if (stored == 0)
            stored = await StoreIfMissingAsync(limit, ct).ConfigureAwait(false);
        if (stored != limit)
            throw new SemaphoreLimitException(path, stored, limit);
        newest = stored;
        isOpen = true;
    }

    /// <summary>
    /// The limit as it is. One that went with its root, which a container of somebody else's is swept with, is stored
    /// again: the newest that we know of.
    /// </summary>
    internal async Task<int> LimitAsync(CancellationToken ct)
    {
        var (stored, _) = await ReadAsync(ct).ConfigureAwait(false);
        if (stored == 0)
            stored = await StoreIfMissingAsync(newest, ct).ConfigureAwait(false);
        newest = stored;
        return stored;
    }

    /// <returns>The limit, 0 for none, and the root's version, null when it is missing.</returns>
    internal async Task<(int Limit, int? Version)> ReadAsync(CancellationToken ct)
    {
        var znode = await client.TryGetAsync(path, null, ct).ConfigureAwait(false);
        if (znode is null)
            return (0, null);
        var mark = root.Accept(znode);
        if (mark.IsForeign || mark.Number is < 0 or > int.MaxValue)
            throw new RecipeMismatchException(path, "other bytes", Tag);
        return ((int)mark.Number, znode.Stat.Version);
    }

    internal async ValueTask StoreAsync(int next, CancellationToken ct)
    {
        while (true)
        {
            var (stored, version) = await ReadAsync(ct).ConfigureAwait(false);
            if (version is null)
                await root.MakeAsync(ct).ConfigureAwait(false);
            else if (stored != next)
                await TryWriteAsync(next, version.Value, ct).ConfigureAwait(false);
            else
                break;
        }

        newest = next;
        isOpen = true;
    }

    private async ValueTask<int> StoreIfMissingAsync(int wanted, CancellationToken ct)
    {
        while (true)
        {
            var (stored, version) = await ReadAsync(ct).ConfigureAwait(false);
            if (stored != 0)
                return stored;
            if (version is null)
                await root.MakeAsync(ct).ConfigureAwait(false);
            else
                await TryWriteAsync(wanted, version.Value, ct).ConfigureAwait(false);
        }
    }

    private async ValueTask TryWriteAsync(int next, int version, CancellationToken ct)
    {
        var bytes = RootMark.Write(Tag, next);
        try
        {
            if (version == VersionThatMeansAny)
                await client.SetAsync(path, bytes, SetOptions.Overwrite, ct).ConfigureAwait(false);
            else
                await client.TrySetAsync(path, bytes, version, ct).ConfigureAwait(false);
        }
        catch (BadVersionException)
        {
            // After a lost reply: the next look tells.
        }
    }
}
