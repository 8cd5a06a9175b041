namespace Coord.Client.Recipes;

/// <summary>
/// A lock for one writer or many readers, in the order they came: a reader waits for the nearest writer before it, a
/// writer for whoever is just before it, so writers are not starved. Layout as Curator's
/// (<c>path/_c_guid-__READ__sequence</c> and <c>__WRIT__</c>), so that Java and .NET programs can share it.
/// </summary>
/// <remarks>
/// Not reentrant, and a reader cannot become a writer: a call that would wait for a handle of its own flow, of either
/// kind, throws <see cref="LockRecursionException"/>. A writer becomes a reader with
/// <see cref="IWriteLockHandle.DowngradeAsync"/>. The token is the czxid of the contender znode; readers that hold at
/// the same time have different ones. Thread-safe. Source: ZooKeeper Recipes, Shared Locks; Apache Curator,
/// InterProcessReadWriteLock; client-sdk.md 10.2.
/// </remarks>
/// <example><code>
/// var catalogue = new DistributedReadWriteLock(coord, "/locks/catalogue");
/// await using var reading = await catalogue.AcquireReadAsync(TimeSpan.FromSeconds(5));
/// </code></example>
public sealed class DistributedReadWriteLock
{
    internal const string Tag = "coord:read-write-lock:1";

    private readonly LineRecipe recipe;
    private readonly Downgrade downgrade;

    /// <summary>Makes a lock; does no I/O.</summary>
    /// <param name="client">The client whose session holds the lock.</param>
    /// <param name="path">The root, absolute; made when missing. One per thing to be locked.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public DistributedReadWriteLock(ICoordClient client, string path, LockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ZnodePath.Combine(path, ContenderLine.ReadName);
        options ??= new LockOptions();
        options.Check();
        Path = path;
        var root = new LockRoot(client, path, Tag, options.CleanUpParent);
        recipe = new LineRecipe(client, root, ContenderLine.ReadWrite, options);
        downgrade = new Downgrade(client, options);
        Reading = new ReadLock(this);
        Writing = new WriteLock(this);
        client.RequireSessionProof();
    }

    /// <summary>The recipe's root, without chroot.</summary>
    public string Path { get; }

    /// <summary>The read side as a lock of its own, for <see cref="DistributedMultiLock"/> and the like.</summary>
    public IDistributedLock Reading { get; }

    /// <summary>The write side as a lock of its own, for <see cref="DistributedMultiLock"/> and the like.</summary>
    public IDistributedLock Writing { get; }

    /// <summary>Waits until no writer stands before.</summary>
    /// <param name="timeout">Total time, connecting included; null or infinite: without end.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle.</returns>
    /// <inheritdoc cref="IDistributedLock.AcquireAsync" path="/exception"/>
    public ValueTask<ILockHandle> AcquireReadAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        AcquireReadAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="AcquireReadAsync(TimeSpan?, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">Total time, connecting included; null or infinite: without end.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<ILockHandle> AcquireReadAsync(
        TimeSpan? timeout, AcquireOptions how, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout ?? Timeout.InfiniteTimeSpan);
        return ReaderAsync(recipe.AcquireAsync(recipe.Ask(how, mayWait: true), ContenderLine.ReadName, limit, ct));
    }

    /// <summary>Waits until nobody stands before.</summary>
    /// <param name="timeout">Total time, connecting included; null or infinite: without end.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle.</returns>
    /// <inheritdoc cref="IDistributedLock.AcquireAsync" path="/exception"/>
    public ValueTask<IWriteLockHandle> AcquireWriteAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        AcquireWriteAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="AcquireWriteAsync(TimeSpan?, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">Total time, connecting included; null or infinite: without end.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<IWriteLockHandle> AcquireWriteAsync(
        TimeSpan? timeout, AcquireOptions how, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout ?? Timeout.InfiniteTimeSpan);
        return WriterAsync(recipe.AcquireAsync(recipe.Ask(how, mayWait: true), ContenderLine.WriteName, limit, ct));
    }

    /// <summary>Tries to get the lock for reading.</summary>
    /// <param name="timeout">How long to wait in line; zero (default): not at all, and nothing is written if a writer
    /// is there.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle, or null when it was not to be had in time.</returns>
    /// <inheritdoc cref="IDistributedLock.TryAcquireAsync" path="/exception"/>
    public ValueTask<ILockHandle?> TryAcquireReadAsync(TimeSpan timeout = default, CancellationToken ct = default) =>
        TryAcquireReadAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="TryAcquireReadAsync(TimeSpan, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">How long to wait in line; zero: not at all.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<ILockHandle?> TryAcquireReadAsync(
        TimeSpan timeout, AcquireOptions how, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        var flow = recipe.Ask(how, mayWait: limit != TimeSpan.Zero);
        return TryReaderAsync(recipe.TryAcquireAsync(flow, ContenderLine.ReadName, limit, ct));
    }

    /// <summary>Tries to get the lock for writing.</summary>
    /// <param name="timeout">How long to wait in line; zero (default): not at all, and nothing is written if anybody is
    /// there.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle, or null when it was not to be had in time.</returns>
    /// <inheritdoc cref="IDistributedLock.TryAcquireAsync" path="/exception"/>
    public ValueTask<IWriteLockHandle?> TryAcquireWriteAsync(
        TimeSpan timeout = default, CancellationToken ct = default) =>
        TryAcquireWriteAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="TryAcquireWriteAsync(TimeSpan, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">How long to wait in line; zero: not at all.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<IWriteLockHandle?> TryAcquireWriteAsync(
        TimeSpan timeout, AcquireOptions how, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        var flow = recipe.Ask(how, mayWait: limit != TimeSpan.Zero);
        return TryWriterAsync(recipe.TryAcquireAsync(flow, ContenderLine.WriteName, limit, ct));
    }

    /// <summary>
    /// Who holds and who waits, in order. A picture for people: it may be old when it arrives.
    /// </summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>Everybody in the line; nobody when there is no root.</returns>
    /// <exception cref="CoordException">The line could not be read. Nothing changed.</exception>
    public ValueTask<LockState> GetStateAsync(CancellationToken ct = default) => recipe.View.ReadAsync(ct);

    /// <summary>
    /// Asks all who hold, readers or the writer, to let go: their <see cref="ILockHandle.RevokedToken"/> fires if they
    /// look. Nothing is forced.
    /// </summary>
    /// <param name="reason">For the holders' records, at most 256 characters.</param>
    /// <param name="ct">Cancels; some may have been asked.</param>
    /// <returns>How many were asked.</returns>
    /// <exception cref="ArgumentException">The reason is null or too long. Nothing was sent.</exception>
    /// <exception cref="CoordException">Some may have been asked; asking again does no harm.</exception>
    public async ValueTask<int> RevokeAsync(string reason, CancellationToken ct = default) =>
        await recipe.View.RevokeAsync(LineView.CheckReason(reason), ct).ConfigureAwait(false);

    private static async ValueTask<ILockHandle> ReaderAsync(ValueTask<LockGrant> granting) =>
        new LockHandle(await granting.ConfigureAwait(false));

    private static async ValueTask<ILockHandle?> TryReaderAsync(ValueTask<LockGrant?> granting) =>
        await granting.ConfigureAwait(false) is { } grant ? new LockHandle(grant) : null;

    private async ValueTask<IWriteLockHandle> WriterAsync(ValueTask<LockGrant> granting) =>
        new WriteLockHandle(await granting.ConfigureAwait(false), DowngradeAsync);

    private async ValueTask<IWriteLockHandle?> TryWriterAsync(ValueTask<LockGrant?> granting) =>
        await granting.ConfigureAwait(false) is { } grant ? new WriteLockHandle(grant, DowngradeAsync) : null;

    private Task DowngradeAsync(LockGrant grant) => grant.ReplaceAsync(guard => downgrade.RunAsync(
        guard, guard.Path.Replace(ContenderLine.WriteName, ContenderLine.ReadName, StringComparison.Ordinal)));

    private sealed class ReadLock(DistributedReadWriteLock both) : IDistributedLock
    {
        public string Path => both.Path;

        public ValueTask<ILockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
            both.AcquireReadAsync(timeout, ct);

        public ValueTask<ILockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken ct = default) =>
            both.TryAcquireReadAsync(timeout, ct);
    }

    private sealed class WriteLock(DistributedReadWriteLock both) : IDistributedLock
    {
        public string Path => both.Path;

        public ValueTask<ILockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
            AsLockAsync(both.AcquireWriteAsync(timeout, ct));

        public ValueTask<ILockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken ct = default) =>
            TryAsLockAsync(both.TryAcquireWriteAsync(timeout, ct));

        private static async ValueTask<ILockHandle> AsLockAsync(ValueTask<IWriteLockHandle> acquiring) =>
            await acquiring.ConfigureAwait(false);

        private static async ValueTask<ILockHandle?> TryAsLockAsync(ValueTask<IWriteLockHandle?> trying) =>
            await trying.ConfigureAwait(false);
    }
}
