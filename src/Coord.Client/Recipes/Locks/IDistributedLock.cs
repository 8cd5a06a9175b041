namespace Coord.Client.Recipes;

/// <summary>A lock that one holder in the cluster can have.</summary>
public interface IDistributedLock
{
    /// <summary>The recipe's root, without chroot.</summary>
    string Path { get; }

    /// <summary>Waits for the lock.</summary>
    /// <param name="timeout">Total time, connecting included; null or <see cref="Timeout.InfiniteTimeSpan"/>: without
    /// end.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="TimeoutException">The time is up. No znode is left behind, or the sweeper is after
    /// it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; as above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative timeout. Nothing was sent.</exception>
    /// <exception cref="LockRecursionException">The flow holds the lock already and would wait for itself. Nothing was
    /// sent.</exception>
    /// <exception cref="RecipeMismatchException">The path is another recipe's.</exception>
    /// <exception cref="SessionLostException">The session ended, and the options say to fail then.</exception>
    /// <exception cref="CoordException">An error that waiting does not mend, such as
    /// <see cref="NoAuthException"/>.</exception>
    ValueTask<ILockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken ct = default);

    /// <summary>Tries to get the lock.</summary>
    /// <param name="timeout">How long to wait in line; zero (default): not at all.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle, or null when it was not to be had in time.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative timeout. Nothing was sent.</exception>
    /// <exception cref="LockRecursionException">The call would wait, and the flow holds the lock already. Nothing was
    /// sent.</exception>
    /// <exception cref="RecipeMismatchException">The path is another recipe's.</exception>
    /// <exception cref="CoordException">An error that waiting does not mend; with a zero timeout also one of the
    /// connection.</exception>
    ValueTask<ILockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken ct = default);
}
