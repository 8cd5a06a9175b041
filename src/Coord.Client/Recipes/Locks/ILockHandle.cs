namespace Coord.Client.Recipes;

/// <summary>
/// Something held until it is released or lost. It knows until when it is certainly valid, and tells before anybody
/// else can have it. Disposing releases and never throws. Thread-safe.
/// </summary>
public interface ILockHandle : IAsyncDisposable
{
    /// <summary>The contender znode, without chroot.</summary>
    string Path { get; }

    /// <summary>The number for everything that outlives the promise.</summary>
    FencingToken Token { get; }

    /// <summary>
    /// Fires once, when the lock is lost, never because of release. Live from the start and after disposal. Callbacks
    /// run on the pool.
    /// </summary>
    CancellationToken LostToken { get; }

    /// <summary>
    /// Fires when somebody asked for it back; nothing is forced. The first look at it sets a watch on the contender
    /// znode, so it costs one read. Callbacks run on the pool.
    /// </summary>
    CancellationToken RevokedToken { get; }

    /// <summary>Where the handle stands, judged now.</summary>
    HandleState State { get; }

    /// <summary>Time until the session deadline; zero when lost or released.</summary>
    TimeSpan Remaining { get; }

    /// <summary>Asks a quorum.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>True: it was held at a moment during this call. False: it is lost, and <see cref="LostToken"/>
    /// fires.</returns>
    /// <exception cref="CoordException">No answer within <see cref="CoordClientOptions.RequestTimeout"/>; nothing is
    /// known.</exception>
    ValueTask<bool> VerifyAsync(CancellationToken ct = default);

    /// <summary>Releases. Twice is harmless.</summary>
    /// <param name="ct">Ends the wait; the release goes on in the background.</param>
    /// <returns>What is known about it.</returns>
    ValueTask<ReleaseResult> ReleaseAsync(CancellationToken ct = default);

    /// <summary>
    /// A multi whose first operation checks that the znode still exists: what follows happens under the lock or not at
    /// all.
    /// </summary>
    /// <returns>The multi; committing it fails with <see cref="LockLostException"/> when the lock is lost.</returns>
    Multi CreateMulti();

    /// <summary>
    /// Another handle on the same grant, for code that would otherwise take the lock again. The lock is released with
    /// the last of them. Sends nothing.
    /// </summary>
    /// <returns>The other handle.</returns>
    /// <exception cref="LockLostException">This one is lost or released.</exception>
    ILockHandle Share();

    /// <summary>Throws when the handle is lost or released.</summary>
    /// <exception cref="LockLostException">It is.</exception>
    void ThrowIfLost();
}
