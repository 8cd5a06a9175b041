using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// Writes the znode of a timed lock for one hold: every write has a version, and its tag tells after a lost reply
/// whether it was done. One call at a time.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="path">The znode.</param>
/// <param name="hold">What is written.</param>
/// <param name="seen">The znode as it was seen; null: missing.</param>
internal sealed class TimedHoldWriter(ICoordClient client, string path, TimedHold hold, Stat? seen)
{
    private static readonly CreateOptions Making = new() { Parents = CreateParents.Persistent };
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private TimedHold hold = hold;
    private int version = seen?.Version ?? 0;

    internal string Path => path;

    internal string Tag => hold.Tag;

    internal int Version => Volatile.Read(ref version);

    /// <summary>Takes the lock if the znode is still as it was seen.</summary>
    /// <returns>The mzxid, and when the write was sent; null: somebody else was faster.</returns>
    internal async ValueTask<(long Mzxid, TwoClocks SentAt)?> TakeAsync(CancellationToken ct)
    {
        var sentAt = TwoClocks.Now(client.TimeProvider);
        Stat? written;
        try
        {
            written = seen is null
                ? (await client.TryCreateAsync(path, hold.ToBytes(), Making, ct).ConfigureAwait(false))?.Stat
                : await TrySetAsync(hold, ct).ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            var now = await ReadAsync(ct).ConfigureAwait(false);
            written = now is { } found && found.Hold.IsOf(Tag) ? found.Stat : null;
        }

        if (written is not { } stat)
            return null;
        Volatile.Write(ref version, stat.Version);
        return (stat.Mzxid, sentAt);
    }

    /// <summary>Begins the hold's time anew.</summary>
    /// <param name="duration">How long it lasts from now on; null: as before.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>When the write was sent that did; null: the lock is somebody else's, or nobody's.</returns>
    internal async ValueTask<TwoClocks?> RenewAsync(TimeSpan? duration, CancellationToken ct)
    {
        while (true)
        {
            var next = hold with
            {
                Renewals = hold.Renewals + 1, DurationMs = (long)(duration ?? hold.Duration).TotalMilliseconds,
            };
            var sentAt = TwoClocks.Now(client.TimeProvider);
            try
            {
                if (await TrySetAsync(next, ct).ConfigureAwait(false) is { } stat)
                {
                    Adopt(next, stat);
                    return sentAt;
                }
            }
            catch (CoordException e) when (e.Outcome == Outcome.Unknown || e.IsTransient)
            {
                // What is there tells.
            }

            if (await ReadAsync(ct).ConfigureAwait(false) is not { } now || !now.Hold.IsOf(Tag))
                return null;
            var isDone = now.Hold.Renewals == next.Renewals;
            Adopt(now.Hold, now.Stat);
            if (isDone)
                return sentAt;
        }
    }

    /// <returns>False when the lock is somebody else's.</returns>
    internal async ValueTask<bool> ReleaseAsync(CancellationToken ct)
    {
        while (await TrySetAsync(TimedHold.Free, ct).ConfigureAwait(false) is null)
        {
            // Perhaps a renewal of ours that was cancelled on its way.
            if (await ReadAsync(ct).ConfigureAwait(false) is not { } now || !now.Hold.IsOf(Tag))
                return false;
            Adopt(now.Hold, now.Stat);
        }

        return true;
    }

    /// <summary>Looks, however long it takes to get an answer.</summary>
    internal async ValueTask<(TimedHold Hold, Stat Stat)?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var znode = await client.TryGetAsync(path, ReadOptions.Linearizable, ct).ConfigureAwait(false);
                return znode is null ? null : (TimedHold.Read(znode), znode.Stat);
            }
            catch (CoordException e) when (e.IsTransient)
            {
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider, ct)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <returns>Null when the version is another, or the znode is gone.</returns>
    private async ValueTask<Stat?> TrySetAsync(TimedHold next, CancellationToken ct)
    {
        try
        {
            return await client.TrySetAsync(path, next.ToBytes(), Version, ct).ConfigureAwait(false);
        }
        catch (NoNodeException e) when (e.Outcome == Outcome.NotApplied)
        {
            return null;
        }
    }

    private void Adopt(TimedHold written, Stat stat)
    {
        hold = written;
        Volatile.Write(ref version, stat.Version);
    }
}
