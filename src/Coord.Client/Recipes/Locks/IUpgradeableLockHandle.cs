namespace Coord.Client.Recipes;

/// <summary>A held upgradeable read: others read beside it, and it alone can become the writer.</summary>
public interface IUpgradeableLockHandle : ILockHandle
{
    /// <summary>
    /// Waits until the readers that hold have gone, and nobody else comes in meanwhile, waiting writers neither. The
    /// read stays held below it: releasing the handle returned goes back to it.
    /// </summary>
    /// <param name="timeout">Total time; null or infinite: without end.</param>
    /// <param name="ct">Cancels the wait, never an upgrade already granted. The read stays held.</param>
    /// <returns>The writer's handle, with a token of its own above all earlier ones.</returns>
    /// <exception cref="TimeoutException">The time is up. The read is held as before.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. The read is held as before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative timeout. Nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">An upgrade of this handle is under way or held. Nothing was
    /// sent.</exception>
    /// <exception cref="LockLostException">The read is lost or released.</exception>
    /// <exception cref="CoordException">An error that waiting does not mend; the read is held as before.</exception>
    ValueTask<ILockHandle> UpgradeAsync(TimeSpan? timeout = null, CancellationToken ct = default);

    /// <summary>Tries to become the writer.</summary>
    /// <param name="timeout">How long to wait for readers; zero (default): not at all, and nothing is written if some
    /// hold.</param>
    /// <param name="ct">Cancels the wait, never an upgrade already granted. The read stays held.</param>
    /// <returns>The writer's handle, or null when readers held on; the read is held as before.</returns>
    /// <inheritdoc cref="UpgradeAsync" path="/exception[not(contains(@cref, 'TimeoutException'))]"/>
    ValueTask<ILockHandle?> TryUpgradeAsync(TimeSpan timeout = default, CancellationToken ct = default);
}
