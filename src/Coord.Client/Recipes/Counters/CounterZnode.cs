namespace Coord.Client.Recipes;

/// <summary>
/// Reads and writes a counter's znode, and finds out by tags whether a write happened whose reply was lost.
/// </summary>
internal sealed class CounterZnode(ICoordClient client, string path, CounterOptions options)
{
    /// <summary>The wire takes this version for "any": a znode that has it cannot be set with a version.</summary>
    internal const int VersionThatMeansAny = -1;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads a state to write on: an old one only costs a conflict, so a sync is enough.</summary>
    internal ValueTask<CounterState> ReadAsync() => ReadAsync(ReadOptions.Fresh, isCurrent: false);

    /// <summary>Reads a state to answer from without writing.</summary>
    internal ValueTask<CounterState> ReadCurrentAsync() => ReadAsync(ReadOptions.Linearizable, isCurrent: true);

    /// <summary>Writes if nobody else has written since.</summary>
    /// <returns>The state written; null: a conflict, and certainly not written.</returns>
    /// <exception cref="OutcomeUnknownException">It cannot be told.</exception>
    internal async ValueTask<CounterState?> WriteAsync(CounterState before, CounterBytes next, ulong tag)
    {
        var bytes = next.ToArray();
        try
        {
            return await SendAsync(before, next, bytes).ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            return await ResolveAsync(before, next, bytes, tag, e).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes the same bytes without a version, under the mutex, so that the version moves on from −1.
    /// </summary>
    internal async ValueTask<CounterState> StepPastAsync(CounterState stuck)
    {
        await client.SetAsync(path, stuck.Bytes.ToArray(), SetOptions.Overwrite).ConfigureAwait(false);
        return await ReadAsync().ConfigureAwait(false);
    }

    private async ValueTask<CounterState> ReadAsync(ReadOptions read, bool isCurrent)
    {
        var znode = await client.TryGetAsync(path, read).ConfigureAwait(false);
        return znode is null
            ? new CounterState(CounterBytes.Initial(options.InitialValue), 0, 0, isCurrent)
            : new CounterState(
                CounterBytes.Read(path, znode.Bytes.Span, options.InitialValue), znode.Stat.Czxid, znode.Stat.Version,
                    isCurrent);
    }

    /// <returns>Null for another version, or for a znode that came or went.</returns>
    private async ValueTask<CounterState?> SendAsync(CounterState before, CounterBytes next, byte[] bytes)
    {
        if (before.IsMissing)
        {
            var made = await client.TryCreateAsync(path, bytes, new CreateOptions { Parents = options.Parents })
                .ConfigureAwait(false);
            return made is null ? null : new CounterState(next, made.Stat.Czxid, made.Stat.Version, IsCurrent: false);
        }

        try
        {
            var stat = await client.TrySetAsync(path, bytes, before.Version).ConfigureAwait(false);
            return stat is null ? null : new CounterState(next, stat.Value.Czxid, stat.Value.Version, IsCurrent: false);
        }
        catch (NoNodeException e) when (e.Outcome == Outcome.NotApplied)
        {
            return null;
        }
    }

    private async ValueTask<CounterState?> ResolveAsync(
        CounterState before, CounterBytes next, byte[] bytes, ulong tag, CoordException cause)
    {
        var began = client.TimeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                var now = await ReadAsync().ConfigureAwait(false);
                switch (Judge(before, now, tag))
                {
                    case Outcome.Applied:
                        return now;
                    case Outcome.NotApplied when !IsSame(before, now):
                        return null;
                    case Outcome.Unknown:
                        throw new OutcomeUnknownException(
                            $"The reply to a write of {path} was lost, and too much was written since to tell more.",
                            path,
                            cause);
                }

                // Unchanged. The lost write may still be on its way, but it and this one carry the same version and
                // tag: one at most is applied, whichever arrives first.
                if (await SendAsync(before, next, bytes).ConfigureAwait(false) is { } written)
                    return written;
            }
            catch (CoordException e) when (e is not OutcomeUnknownException and not ZnodeFormatException
                && (e.IsTransient || e.Outcome == Outcome.Unknown))
            {
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider).ConfigureAwait(false);
                if (client.TimeProvider.GetElapsedTime(began) > options.ResolveTimeout)
                {
                    throw new OutcomeUnknownException(
                        $"The reply to a write of {path} was lost; no answer within ResolveTimeout.", path, e);
                }
            }
        }
    }

    private static bool IsSame(CounterState before, CounterState now) =>
        before.Czxid == now.Czxid && (now.IsMissing || before.Version == now.Version);

    private static Outcome Judge(CounterState before, CounterState now, ulong tag)
    {
        if (now.Bytes.Holds(tag))
            return Outcome.Applied;
        if (IsSame(before, now))
            return Outcome.NotApplied;
        // Deleted, or deleted and made again: the tags went with it.
        if (now.IsMissing || (!before.IsMissing && before.Czxid != now.Czxid))
            return Outcome.Unknown;
        // Each write since has left its tag, unless there were too many or a foreign writer cut the trailer.
        var writesSince = before.IsMissing ? now.Version + 1L : unchecked((uint)(now.Version - before.Version));
        return writesSince <= now.Bytes.TagCount ? Outcome.NotApplied : Outcome.Unknown;
    }
}
