using System.Threading.Channels;

namespace Coord.Client;

/// <summary>
/// Keeps a picture of a tree: an event is the hint to read that znode again, a gap to read all and compare. Reads go
/// out together; events that come meanwhile wait, one for each path.
/// </summary>
internal sealed class TreeFollower(ICoordClient coord, string root, int maxDepth, Func<string, bool>? filter)
{
    private const int ReadsAtOnce = 64;

    private readonly Lock gate = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<string> changed = new(StringComparer.Ordinal);
    private bool isGap;

    internal async Task RunAsync(CacheRun run, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var listening = ListenAsync(run, stop.Token);
        try
        {
            while (await wake.Reader.WaitToReadAsync(ct).ConfigureAwait(false))
            {
                wake.Reader.TryRead(out _);
                if (listening.IsCompleted)
                    await listening.ConfigureAwait(false);
                await CatchUpAsync(run, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await listening.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task ListenAsync(CacheRun run, CancellationToken ct)
    {
        try
        {
            var events = coord is CoordClient client
                ? client.WatchResumedAsync(root, ct) : coord.WatchAsync(root, WatchScope.Subtree, ct);
            await foreach (var item in events.ConfigureAwait(false))
            {
                lock (gate)
                {
                    if (item.Kind is WatchEventKind.Started or WatchEventKind.Resynced)
                    {
                        run.Unsynced();
                        isGap = true;
                    }
                    else if (item.Kind != SubtreeQueue.Resumed && IsHeld(item.Path))
                    {
                        changed.Add(item.Path);
                    }
                }

                wake.Writer.TryWrite(true);
            }
        }
        finally
        {
            wake.Writer.TryWrite(true);
        }
    }

    private async Task CatchUpAsync(CacheRun run, CancellationToken ct)
    {
        HashSet<string> paths;
        bool isAll;
        lock (gate)
        {
            (paths, changed) = (changed, new(StringComparer.Ordinal));
            (isAll, isGap) = (isGap, false);
        }

        Func<Task> look = isAll ? () => ReadAllAsync(run, ct) : () => ReadAsync(run, paths, ct);
        await run.RepeatAsync(look, ct).ConfigureAwait(false);
        lock (gate)
        {
            // Another gap meanwhile: the picture may have a hole, and the next round fills it.
            if (!isGap)
                run.Synced();
        }
    }

    private async Task ReadAsync(CacheRun run, HashSet<string> paths, CancellationToken ct)
    {
        foreach (var some in paths.Chunk(ReadsAtOnce))
        {
            var read = await Task.WhenAll(some.Select(path => coord.TryGetAsync(path, null, ct).AsTask()))
                .ConfigureAwait(false);
            for (var i = 0; i < some.Length; i++)
                run.Picture.Apply(some[i], read[i]);
        }
    }

    private async Task ReadAllAsync(CacheRun run, CancellationToken ct)
    {
        var picture = new Dictionary<string, Znode>(StringComparer.Ordinal);
        List<string> level = [root];
        while (level.Count > 0)
        {
            List<string> next = [];
            foreach (var some in level.Chunk(ReadsAtOnce))
            {
                var read = await Task.WhenAll(some.Select(path => ReadOneAsync(path, ct))).ConfigureAwait(false);
                foreach (var (znode, children) in read)
                {
                    if (znode is not null)
                        picture[znode.Path] = znode;
                    next.AddRange(children);
                }
            }

            level = next;
        }

        run.Picture.Replace(picture);
    }

    private async Task<(Znode? Znode, IEnumerable<string> Children)> ReadOneAsync(string path, CancellationToken ct)
    {
        if (!IsHeld(path) || await coord.TryGetAsync(path, null, ct).ConfigureAwait(false) is not { } znode)
            return (null, []);
        if (znode.Stat.NumChildren == 0 || DepthOf(path) >= maxDepth)
            return (znode, []);
        try
        {
            var children = await coord.GetChildrenAsync(path, null, ct).ConfigureAwait(false);
            return (znode, children.Names.Select(name => ZnodePath.Combine(path, name)));
        }
        catch (NoNodeException)
        {
            // Deleted in between: an event says so, too.
            return (null, []);
        }
    }

    private bool IsHeld(string path)
    {
        if (DepthOf(path) > maxDepth)
            return false;
        if (filter is null)
            return true;
        for (var at = path; ; at = ZnodePath.Parent(at))
        {
            if (!filter(at))
                return false;
            if (at == root || at == "/")
                return true;
        }
    }

    private int DepthOf(string path) =>
        path == root ? 0 : path.AsSpan(root == "/" ? 0 : root.Length).Count('/');
}
