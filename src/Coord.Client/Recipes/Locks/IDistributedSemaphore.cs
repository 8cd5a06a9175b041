namespace Coord.Client.Recipes;

/// <summary>Permits of which a limited number can be held at once.</summary>
public interface IDistributedSemaphore
{
    /// <summary>The recipe's root, without chroot.</summary>
    string Path { get; }

    /// <summary>Waits for permits, all or none.</summary>
    /// <param name="permits">How many, 1 (default) to the limit.</param>
    /// <param name="timeout">Total time, connecting included; null or <see cref="Timeout.InfiniteTimeSpan"/>: without
    /// end.</param>
    /// <param name="ct">Cancels the wait, never permits already granted.</param>
    /// <returns>One handle for all of them.</returns>
    /// <exception cref="TimeoutException">The time is up. No znode is left behind, or the sweeper is after
    /// it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; as above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative timeout, or a number of permits out of range. Nothing
    /// was sent.</exception>
    /// <exception cref="SemaphoreLimitException">The limit is another than that of the options, or was lowered below
    /// the permits wanted. Nothing is held.</exception>
    /// <exception cref="RecipeMismatchException">The path is another recipe's.</exception>
    /// <exception cref="SessionLostException">The session ended, and the options say to fail then.</exception>
    /// <exception cref="CoordException">An error that waiting does not mend, such as
    /// <see cref="NoAuthException"/>.</exception>
    ValueTask<ILockHandle> AcquireAsync(int permits = 1, TimeSpan? timeout = null, CancellationToken ct = default);

    /// <summary>Tries to get permits, all or none.</summary>
    /// <param name="permits">How many, 1 (default) to the limit.</param>
    /// <param name="timeout">How long to wait in line; zero (default): not at all, and nothing is written if they are
    /// not there.</param>
    /// <param name="ct">Cancels the wait, never permits already granted.</param>
    /// <returns>One handle for all of them, or null when they were not to be had in time.</returns>
    /// <inheritdoc cref="AcquireAsync" path="/exception[not(contains(@cref, 'TimeoutException'))]"/>
    ValueTask<ILockHandle?> TryAcquireAsync(
        int permits = 1, TimeSpan timeout = default, CancellationToken ct = default);
}
