namespace Coord.Client.Recipes;

/// <summary>
/// Several locks, all or none. They are taken in the order of their paths, so that two that want the same locks never
/// wait for each other.
/// </summary>
/// <remarks>
/// Locks of different clients are allowed; the loss of either session counts. Thread-safe. Source: Apache Curator,
/// InterProcessMultiLock; client-sdk.md 10.4.
/// </remarks>
/// <example><code>
/// var a = new DistributedMutex(coord, "/locks/a");
/// var b = new DistributedMutex(coord, "/locks/b");
/// var both = new DistributedMultiLock([a, b]);
/// await using var held = await both.AcquireAsync(TimeSpan.FromSeconds(5));
/// </code></example>
public sealed class DistributedMultiLock
{
    private readonly TimeProvider clock;

    /// <summary>Makes a lock; does no I/O.</summary>
    /// <param name="locks">At least one. Of several with one path, which must be of one kind, the first is
    /// taken.</param>
    /// <param name="clock">Measures the total time; null: the system's.</param>
    /// <exception cref="ArgumentException">No lock, a null, or two kinds of lock with one path.</exception>
    public DistributedMultiLock(IEnumerable<IDistributedLock> locks, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(locks);
        this.clock = clock ?? TimeProvider.System;
        var byPath = new SortedDictionary<string, IDistributedLock>(StringComparer.Ordinal);
        foreach (var one in locks)
        {
            ArgumentNullException.ThrowIfNull(one, nameof(locks));
            if (!byPath.TryAdd(one.Path, one) && byPath[one.Path].GetType() != one.GetType())
                throw new ArgumentException($"There are two kinds of lock with the path {one.Path}.", nameof(locks));
        }

        if (byPath.Count == 0)
            throw new ArgumentException("There must be a lock.", nameof(locks));
        Locks = [.. byPath.Values];
    }

    /// <summary>The locks in the order they are taken.</summary>
    public IReadOnlyList<IDistributedLock> Locks { get; }

    /// <summary>Waits for all of the locks.</summary>
    /// <param name="timeout">Total time for all of them; null or infinite: without end.</param>
    /// <param name="ct">Cancels the wait, never locks already granted.</param>
    /// <returns>One handle for all of them.</returns>
    /// <exception cref="TimeoutException">The time is up; the message names the lock that was in the way. What had been
    /// taken is released.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; as above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative timeout. Nothing was sent.</exception>
    /// <exception cref="CoordException">An error of one of the locks, whose path it names; as above.</exception>
    public async ValueTask<IMultiLockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout ?? Timeout.InfiniteTimeSpan);
        var (handle, inTheWay) = await RunAsync(limit, mayWait: true, ct).ConfigureAwait(false);
        return handle ?? throw new TimeoutException($"The lock {inTheWay} was not to be had within {limit}.");
    }

    /// <summary>Tries to get all of the locks.</summary>
    /// <param name="timeout">Total time for all of them; zero (default): not to wait for any.</param>
    /// <param name="ct">Cancels the wait, never locks already granted.</param>
    /// <returns>One handle for all of them, or null when one was not to be had in time; what had been taken is
    /// released.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; as above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative timeout. Nothing was sent.</exception>
    /// <exception cref="CoordException">An error of one of the locks, whose path it names; as above.</exception>
    public async ValueTask<IMultiLockHandle?> TryAcquireAsync(
        TimeSpan timeout = default, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        return (await RunAsync(limit, mayWait: limit != TimeSpan.Zero, ct).ConfigureAwait(false)).Handle;
    }

    private async ValueTask<(IMultiLockHandle? Handle, string? InTheWay)> RunAsync(
        TimeSpan limit, bool mayWait, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var taken = new List<ILockHandle>(Locks.Count);
        try
        {
            foreach (var one in Locks)
            {
                var handle = await TryAsync(one, limit, began, mayWait, ct).ConfigureAwait(false);
                if (handle is null)
                {
                    await CombinedHandle.ReleaseAllAsync(taken).ConfigureAwait(false);
                    return (null, one.Path);
                }

                taken.Add(handle);
            }
        }
        catch
        {
            await CombinedHandle.ReleaseAllAsync(taken).ConfigureAwait(false);
            throw;
        }

        var tokens = Locks.Zip(taken).ToDictionary(static pair => pair.First.Path, static pair => pair.Second.Token);
        return (new CombinedHandle(taken, tokens), null);
    }

    private async ValueTask<ILockHandle?> TryAsync(
        IDistributedLock one, TimeSpan limit, long began, bool mayWait, CancellationToken ct)
    {
        if (!mayWait)
            return await one.TryAcquireAsync(TimeSpan.Zero, ct).ConfigureAwait(false);
        if (limit == Timeout.InfiniteTimeSpan)
            return await one.AcquireAsync(limit, ct).ConfigureAwait(false);
        var left = limit - clock.GetElapsedTime(began);
        return left <= TimeSpan.Zero ? null : await one.TryAcquireAsync(left, ct).ConfigureAwait(false);
    }
}
