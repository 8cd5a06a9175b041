namespace Coord.Client.Recipes;

/// <summary>
/// A lock with one holder in the cluster and a fair line: first come, first served. Layout
/// <c>path/_c_guid-lock-sequence</c>, ephemeral sequential, as Curator's, so that Java and .NET programs can share it.
/// </summary>
/// <remarks>
/// Not reentrant: each call is its own contender. A call that would wait for a handle of its own flow throws
/// <see cref="LockRecursionException"/>; <see cref="ILockHandle.Share"/> is the way to hold again. Thread-safe. Source:
/// ZooKeeper Recipes, Locks; Apache Curator, InterProcessMutex; client-sdk.md 10.1.
/// </remarks>
/// <example><code>
/// var mutex = new DistributedMutex(coord, "/locks/invoice-42");
/// await using var held = await mutex.AcquireAsync(timeout: TimeSpan.FromSeconds(5));
/// await invoices.SaveAsync(invoice, held.Token.Value, held.LostToken);
/// </code></example>
public sealed class DistributedMutex : IDistributedLock
{
    internal const string Tag = "coord:mutex:1";

    private readonly LineRecipe recipe;

    /// <summary>Makes a mutex; does no I/O.</summary>
    /// <param name="client">The client whose session holds the lock.</param>
    /// <param name="path">The root, absolute; made when missing. One per thing to be locked.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public DistributedMutex(ICoordClient client, string path, MutexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ZnodePath.Combine(path, ContenderLine.LockName);
        options ??= new MutexOptions();
        options.Check();
        Path = path;
        // A container would vanish with the note of a holder that crashed.
        var isContainer = options.CleanUpParent && options.AfterCrashDelay == TimeSpan.Zero;
        var root = new LockRoot(client, path, Tag, isContainer);
        recipe = new LineRecipe(client, root, ContenderLine.Mutex, options, options.AfterCrashDelay);
        client.RequireSessionProof();
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public ValueTask<ILockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        AcquireAsync(timeout, AcquireOptions.None, ct);

    /// <summary>As <see cref="AcquireAsync(TimeSpan?, CancellationToken)"/>, with options for this call.</summary>
    /// <param name="timeout">Total time, connecting included; null or infinite: without end.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="TimeoutException">The time is up.</exception>
    /// <exception cref="LockRecursionException">The flow holds the lock already. Nothing was sent.</exception>
    public ValueTask<ILockHandle> AcquireAsync(TimeSpan? timeout, AcquireOptions how, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout ?? Timeout.InfiniteTimeSpan);
        return HandleAsync(recipe.AcquireAsync(recipe.Ask(how, mayWait: true), ContenderLine.LockName, limit, ct));
    }

    /// <inheritdoc/>
    public ValueTask<ILockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken ct = default) =>
        TryAcquireAsync(timeout, AcquireOptions.None, ct);

    /// <summary>As <see cref="TryAcquireAsync(TimeSpan, CancellationToken)"/>, with options for this call.</summary>
    /// <param name="timeout">How long to wait in line; zero: not at all.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle, or null when it was not to be had in time.</returns>
    /// <exception cref="LockRecursionException">The call would wait, and the flow holds the lock already. Nothing was
    /// sent.</exception>
    public ValueTask<ILockHandle?> TryAcquireAsync(
        TimeSpan timeout, AcquireOptions how, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        var flow = recipe.Ask(how, mayWait: limit != TimeSpan.Zero);
        return TryHandleAsync(recipe.TryAcquireAsync(flow, ContenderLine.LockName, limit, ct));
    }

    /// <summary>
    /// Who holds and who waits, in order. A picture for people: it may be old when it arrives.
    /// </summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>Everybody in the line; nobody when there is no root.</returns>
    /// <exception cref="CoordException">The line could not be read. Nothing changed.</exception>
    public ValueTask<LockState> GetStateAsync(CancellationToken ct = default) => recipe.View.ReadAsync(ct);

    /// <summary>
    /// Asks the holder to let go: its <see cref="ILockHandle.RevokedToken"/> fires if it looks. Nothing is forced.
    /// Curator's holders that are revocable understand it too.
    /// </summary>
    /// <param name="reason">For the holder's record, at most 256 characters.</param>
    /// <param name="ct">Cancels; the holder may have been asked.</param>
    /// <returns>False when nobody holds the lock.</returns>
    /// <exception cref="ArgumentException">The reason is null or too long. Nothing was sent.</exception>
    /// <exception cref="CoordException">The holder may or may not have been asked; asking again does no
    /// harm.</exception>
    public async ValueTask<bool> RevokeAsync(string reason, CancellationToken ct = default) =>
        await recipe.View.RevokeAsync(LineView.CheckReason(reason), ct).ConfigureAwait(false) > 0;

    private static async ValueTask<ILockHandle> HandleAsync(ValueTask<LockGrant> granting) =>
        new LockHandle(await granting.ConfigureAwait(false));

    private static async ValueTask<ILockHandle?> TryHandleAsync(ValueTask<LockGrant?> granting) =>
        await granting.ConfigureAwait(false) is { } grant ? new LockHandle(grant) : null;
}
