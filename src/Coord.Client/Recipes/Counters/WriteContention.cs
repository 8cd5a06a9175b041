namespace Coord.Client.Recipes;

/// <summary>
/// Repeats versioned writes of one znode until one meets no conflict: after jittered pauses, and after eight conflicts
/// in the queue of a mutex beside it, so that one loser at a time competes with those who do not queue
/// (client-sdk.md 11.1).
/// </summary>
internal sealed class WriteContention(
    ICoordClient client, string path, CreateParents parents, TimeSpan queueTimeout)
{
    internal const int VersionThatMeansAny = -1;
    private const string QueueSuffix = "-queue";
    private const int ConflictsBeforeQueueing = 8;
    private const double FirstBackoffMs = 5;
    private const double LongestBackoffMs = 500;

    // Made at once, so that a path with no room for the suffix is refused by the recipe's constructor.
    private readonly string queuePath = ZnodePath.Combine(ZnodePath.Parent(path), ZnodePath.Name(path) + QueueSuffix);
    private DistributedMutex? queue;

    /// <param name="attempt">Reads if need be, and writes with the version read.</param>
    /// <param name="ct">Ends the waits between attempts.</param>
    /// <exception cref="OperationTimeoutException">The queue took too long. Not written.</exception>
    internal async ValueTask RunAsync(Func<ValueTask<WriteAttempt>> attempt, CancellationToken ct = default)
    {
        ILockHandle? turn = null;
        try
        {
            for (var conflicts = 0; ;)
            {
                if (turn is { State: HandleState.Lost })
                {
                    await turn.DisposeAsync().ConfigureAwait(false);
                    turn = null;
                }

                switch (await attempt().ConfigureAwait(false))
                {
                    case WriteAttempt.Done:
                        return;
                    case WriteAttempt.Conflict when turn is null && ++conflicts < ConflictsBeforeQueueing:
                        await BackOffAsync(conflicts, ct).ConfigureAwait(false);
                        break;
                    case WriteAttempt.Conflict:
                        turn ??= await QueueAsync(ct).ConfigureAwait(false);
                        break;
                    default:
                        turn ??= await QueueAsync(ct).ConfigureAwait(false);
                        await StepPastAsync(turn, ct).ConfigureAwait(false);
                        break;
                }
            }
        }
        finally
        {
            if (turn is not null)
                await turn.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<ILockHandle> QueueAsync(CancellationToken ct)
    {
        queue ??= new DistributedMutex(client, queuePath, new MutexOptions
        {
            CleanUpParent = parents == CreateParents.Container,
        });
        return await queue.TryAcquireAsync(queueTimeout, ct).ConfigureAwait(false)
            ?? throw new OperationTimeoutException(path);
    }

    /// <summary>
    /// Writes the same bytes without a version. The multi is carried out only while the mutex is ours, so neither a
    /// late copy of it nor another stepper can undo what is written behind it.
    /// </summary>
    private async ValueTask StepPastAsync(ILockHandle turn, CancellationToken ct)
    {
        var znode = await client.TryGetAsync(path, ReadOptions.Fresh, ct).ConfigureAwait(false);
        if (znode is not { Stat.Version: VersionThatMeansAny })
            return;
        try
        {
            await turn.CreateMulti().Set(path, znode.Bytes).CommitAsync(ct).ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown || e is LockLostException or MultiFailedException)
        {
            // The next attempt reads what became of it.
        }
    }

    private Task BackOffAsync(int conflicts, CancellationToken ct)
    {
        var longest = Math.Min(LongestBackoffMs, FirstBackoffMs * (1 << (conflicts - 1)));
        return Task.Delay(
            TimeSpan.FromMilliseconds(longest * Random.Shared.NextDouble()), client.TimeProvider, ct);
    }
}
