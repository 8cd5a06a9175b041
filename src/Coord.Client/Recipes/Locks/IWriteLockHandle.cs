namespace Coord.Client.Recipes;

/// <summary>A held write lock.</summary>
public interface IWriteLockHandle : ILockHandle
{
    /// <summary>
    /// Becomes a read lock without a gap: nobody else writes between, and nobody overtakes. The handle keeps its token;
    /// <see cref="ILockHandle.Path"/> is another afterwards. Twice is harmless.
    /// </summary>
    /// <param name="ct">Ends the wait; the change goes on in the background.</param>
    /// <returns>When readers may enter.</returns>
    /// <exception cref="InvalidOperationException">The handle was shared. Nothing changed.</exception>
    /// <exception cref="LockLostException">The lock is lost or released.</exception>
    /// <exception cref="CoordException">An error that waiting does not mend; the write lock is held as
    /// before.</exception>
    ValueTask DowngradeAsync(CancellationToken ct = default);
}
