using System.Runtime.CompilerServices;

namespace Coord.Client;

/// <summary>
/// What all caches share: the task that follows, how old the picture is, and how reads end when there is none.
/// </summary>
internal sealed class CacheRun : IAsyncDisposable
{
    // A server that throttles is not asked again at once; one that is away has taken RequestTimeout to say so.
    private static readonly TimeSpan RepeatDelay = TimeSpan.FromMilliseconds(250);

    private readonly ICoordClient coord;
    private readonly TimeSpan? maxStaleness;
    private readonly Func<CacheRun, CancellationToken, Task> follow;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private Task? running;
    private bool isDisposed;
    private long? staleSince;
    private long? cutOffSince;

    internal CacheRun(
        ICoordClient coord, CachePicture picture, TimeSpan? maxStaleness,
        Func<CacheRun, CancellationToken, Task> follow)
    {
        if (maxStaleness < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(maxStaleness), maxStaleness, "Zero or more.");
        this.coord = coord;
        this.maxStaleness = maxStaleness;
        this.follow = follow;
        Picture = picture;
    }

    internal CachePicture Picture { get; }

    /// <summary>How long it is since the picture was certainly followed; zero while it is.</summary>
    internal TimeSpan Staleness
    {
        get
        {
            lock (gate)
            {
                // Between the break and the first word of it nobody has written down when it was.
                if (!IsConnected)
                    cutOffSince ??= coord.TimeProvider.GetTimestamp();
                var since = staleSince ?? (IsConnected ? null : cutOffSince);
                return since is { } began ? coord.TimeProvider.GetElapsedTime(began) : TimeSpan.Zero;
            }
        }
    }

    internal bool IsStale
    {
        get
        {
            lock (gate)
            {
                return staleSince is not null || !IsConnected;
            }
        }
    }

    private bool IsConnected => coord.State is SessionState.Connected or SessionState.ConnectedReadOnly;

    public async ValueTask DisposeAsync()
    {
        Task? ending;
        lock (gate)
        {
            if (isDisposed)
                return;
            isDisposed = true;
            ending = running;
        }

        await stop.CancelAsync().ConfigureAwait(false);
        var reason = new ObjectDisposedException("cache");
        loaded.TrySetException(reason);
        // Observed here: nobody need have waited for it.
        _ = loaded.Task.Exception;
        Picture.End(reason);
        if (ending is not null)
            await ending.ConfigureAwait(false);
        stop.Dispose();
    }

    internal Task LoadedAsync(CancellationToken ct)
    {
        Start();
        return loaded.Task.WaitAsync(ct);
    }

    internal async IAsyncEnumerable<CacheChange> ChangesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        Start();
        var listener = Picture.Listen();
        try
        {
            while (true)
            {
                foreach (var change in await listener.TakeAsync(ct).ConfigureAwait(false))
                    yield return change;
            }
        }
        finally
        {
            Picture.Forget(listener);
        }
    }

    /// <summary>The picture, if it may be shown.</summary>
    internal CachePicture Readable()
    {
        ObjectDisposedException.ThrowIf(isDisposed, typeof(CacheRun));
        if (!loaded.Task.IsCompleted)
            throw new InvalidOperationException("The cache has no picture yet: await LoadedAsync first.");
        loaded.Task.GetAwaiter().GetResult();
        if (maxStaleness is { } most && Staleness is var staleness && staleness > most)
            throw new StaleReadException(Picture.Root, staleness);
        return Picture;
    }

    /// <summary>The picture is complete and followed.</summary>
    internal void Synced()
    {
        lock (gate)
        {
            staleSince = null;

            // Cut off again by now it is no younger: when that was may not have been written down yet.
            if (IsConnected)
                cutOffSince = null;
        }

        loaded.TrySetResult();
    }

    /// <summary>There was a gap: what is held may be old.</summary>
    internal void Unsynced()
    {
        lock (gate)
            staleSince ??= cutOffSince ?? coord.TimeProvider.GetTimestamp();
    }

    /// <summary>Reads again what a read could not bring: an outage is no end of a cache.</summary>
    internal async Task RepeatAsync(Func<Task> look, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await look().ConfigureAwait(false);
                return;
            }
            catch (CoordException e) when (e.IsTransient)
            {
                Unsynced();
            }

            await Task.Delay(RepeatDelay, coord.TimeProvider, ct).ConfigureAwait(false);
        }
    }

    private void Start()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, typeof(CacheRun));
            running ??= Task.WhenAll(Task.Run(FollowAsync), Task.Run(WatchStateAsync));
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            await follow(this, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception e)
        {
            // Over the limits, not allowed to read, or the client was disposed: every reader is told.
            loaded.TrySetException(e);
            _ = loaded.Task.Exception;
            Picture.End(e);
        }
    }

    private async Task WatchStateAsync()
    {
        try
        {
            await foreach (var transition in coord.SessionEvents(stop.Token).ConfigureAwait(false))
            {
                if (transition.State is not (SessionState.Suspended or SessionState.Lost))
                    continue;
                lock (gate)
                    cutOffSince ??= coord.TimeProvider.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
