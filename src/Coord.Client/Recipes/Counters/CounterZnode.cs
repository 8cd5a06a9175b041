using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// Reads and writes a counter's znode, and finds out by tags whether a write happened whose reply was lost.
/// </summary>
internal sealed class CounterZnode(ICoordClient client, string path, CounterOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads a state to write on: an old one only costs a conflict, so a sync is enough.</summary>
    internal ValueTask<CounterState> ReadAsync() => ReadAsync(ReadOptions.Fresh, isCurrent: false);

    /// <summary>Reads a state to answer from without writing.</summary>
    internal ValueTask<CounterState> ReadCurrentAsync() => ReadAsync(ReadOptions.Linearizable, isCurrent: true);

    /// <summary>
    /// Makes the znode with the initial value. Whoever made it and whatever became of the reply: who writes on it reads
    /// it again.
    /// </summary>
    internal async ValueTask CreateAsync()
    {
        var bytes = CounterBytes.Initial(options.InitialValue).ToArray();
        try
        {
            await client.TryCreateAsync(path, bytes, new CreateOptions { Parents = options.Parents })
                .ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            // A znode with the initial value counts as none.
        }
    }

    /// <summary>Has the server add (extension counter-add), exactly once.</summary>
    /// <returns>Null: it cannot, or the znode is missing or holds no counter. Nothing was written.</returns>
    /// <exception cref="OutcomeUnknownException">The reply was lost for good.</exception>
    internal async ValueTask<CounterAddResponse?> TryAddAsync(IReadOnlyList<CounterAdd> adds)
    {
        if (client is not CoordClient coord)
            return null;
        try
        {
            return await coord.TryAddToCounterAsync(
                path, options.InitialValue, LastWrites.NewTag(), adds, options.ResolveTimeout, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Code is ErrorCode.NoNode or ErrorCode.InvalidState)
        {
            return null;
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            throw Unknown("nothing tells any more whether it was applied", e);
        }
    }

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

    private async ValueTask<CounterState> ReadAsync(ReadOptions read, bool isCurrent)
    {
        var znode = await client.TryGetAsync(path, read).ConfigureAwait(false);
        return znode is null
            ? new CounterState(CounterBytes.Initial(options.InitialValue), default, isCurrent)
            : new CounterState(
                CounterBytes.Read(path, znode.Bytes.Span, options.InitialValue), znode.Stat, isCurrent);
    }

    /// <returns>Null for another version, or for a znode that is gone.</returns>
    private async ValueTask<CounterState?> SendAsync(CounterState before, CounterBytes next, byte[] bytes)
    {
        try
        {
            var stat = await client.TrySetAsync(path, bytes, before.Version).ConfigureAwait(false);
            return stat is null ? null : new CounterState(next, stat.Value, IsCurrent: false);
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
                        throw Unknown("too much was written since to tell more", cause);
                }

                // Unchanged. The lost write may still be on its way, but it and this one carry the same version and
                // tag: one at most is applied, whichever arrives first.
                if (await SendAsync(before, next, bytes).ConfigureAwait(false) is { } written)
                    return written;
            }
            catch (CoordException e) when (e is not OutcomeUnknownException
                && (e.IsTransient || e.Outcome == Outcome.Unknown))
            {
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider).ConfigureAwait(false);
                if (client.TimeProvider.GetElapsedTime(began) > options.ResolveTimeout)
                    throw Unknown("no answer came within ResolveTimeout", e);
            }
            catch (Exception e) when (e is CoordException and not OutcomeUnknownException or ObjectDisposedException)
            {
                // Whatever forbids to look says nothing about the write.
                throw Unknown("its znode cannot be looked at", e);
            }
        }
    }

    private OutcomeUnknownException Unknown(string reason, Exception cause) =>
        new($"The reply to a write of {path} was lost, and {reason}.", path, cause);

    private static bool IsSame(CounterState before, CounterState now) =>
        before.Czxid == now.Czxid && before.Version == now.Version;

    private static Outcome Judge(CounterState before, CounterState now, ulong tag)
    {
        if (now.Bytes.Writes.Holds(tag))
            return Outcome.Applied;
        if (IsSame(before, now))
            return Outcome.NotApplied;
        // Deleted, or deleted and made again: the tags went with it.
        if (before.Czxid != now.Czxid)
            return Outcome.Unknown;
        // Each write since has left its tag, unless there were too many or a foreign writer cut the trailer.
        var writesSince = unchecked((uint)(now.Version - before.Version));
        return writesSince <= now.Bytes.Writes.Count ? Outcome.NotApplied : Outcome.Unknown;
    }
}
