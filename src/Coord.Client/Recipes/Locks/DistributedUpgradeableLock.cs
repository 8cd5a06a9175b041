namespace Coord.Client.Recipes;

/// <summary>
/// A read/write lock with a third kind of holder: an upgradeable reader, one at a time, beside whom others read and who
/// can become the writer without letting anybody in between. In the order they came, but for upgrades, which go before
/// everybody who waits. Layout <c>path/_c_guid-r-sequence</c>, <c>w-</c>, <c>u-</c>, and <c>x-</c> for an upgrade,
/// ephemeral; no other library has it.
/// </summary>
/// <remarks>
/// Not reentrant: a call that would wait for a handle of its own flow, of any kind, throws
/// <see cref="LockRecursionException"/>. The token is the mzxid of the write with which a holder marks its znode, so
/// later holders have larger ones, upgrades too. Thread-safe. Source: ZooKeeper Recipes, Shared Locks; client-sdk.md
/// 10.3.
/// </remarks>
/// <example><code>
/// var prices = new DistributedUpgradeableLock(coord, "/locks/prices");
/// await using var reading = await prices.AcquireUpgradeableAsync(TimeSpan.FromSeconds(5));
/// await using var writing = await reading.UpgradeAsync(TimeSpan.FromSeconds(5));
/// </code></example>
public sealed class DistributedUpgradeableLock
{
    internal const string Tag = "coord:upgradeable-lock:1";

    private readonly ICoordClient client;
    private readonly LockOptions options;
    private readonly LockRoot root;
    private readonly HoldMark mark;
    private readonly LineRecipe recipe;

    /// <summary>Makes a lock; does no I/O.</summary>
    /// <param name="client">The client whose session holds the lock.</param>
    /// <param name="path">The root, absolute; made when missing. One per thing to be locked.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public DistributedUpgradeableLock(ICoordClient client, string path, LockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ZnodePath.Combine(path, ContenderLine.PlainReadName);
        this.client = client;
        this.options = options ?? new LockOptions();
        this.options.Check();
        Path = path;
        root = new LockRoot(client, path, Tag, this.options.CleanUpParent);
        mark = new HoldMark(client, root, this.options);
        recipe = new LineRecipe(client, root, ContenderLine.Upgradeable, this.options, mark: mark);
        client.RequireSessionProof();
    }

    /// <summary>The recipe's root, without chroot.</summary>
    public string Path { get; }

    /// <summary>Waits until no writer and no upgrade stands before.</summary>
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
        TimeSpan? timeout, AcquireOptions how, CancellationToken ct = default) =>
        HandleAsync(AcquireAsync(ContenderLine.PlainReadName, timeout, how, ct));

    /// <summary>Waits until nobody stands before.</summary>
    /// <inheritdoc cref="AcquireReadAsync(TimeSpan?, CancellationToken)" path="/*[not(self::summary)]"/>
    public ValueTask<ILockHandle> AcquireWriteAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        AcquireWriteAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="AcquireWriteAsync(TimeSpan?, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">Total time, connecting included; null or infinite: without end.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<ILockHandle> AcquireWriteAsync(
        TimeSpan? timeout, AcquireOptions how, CancellationToken ct = default) =>
        HandleAsync(AcquireAsync(ContenderLine.PlainWriteName, timeout, how, ct));

    /// <summary>Waits until no writer, no upgrade and no other upgradeable reader stands before.</summary>
    /// <inheritdoc cref="AcquireReadAsync(TimeSpan?, CancellationToken)" path="/*[not(self::summary)]"/>
    public ValueTask<IUpgradeableLockHandle> AcquireUpgradeableAsync(
        TimeSpan? timeout = null, CancellationToken ct = default) =>
        AcquireUpgradeableAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="AcquireUpgradeableAsync(TimeSpan?, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">Total time, connecting included; null or infinite: without end.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<IUpgradeableLockHandle> AcquireUpgradeableAsync(
        TimeSpan? timeout, AcquireOptions how, CancellationToken ct = default) =>
        UpgradeableAsync(AcquireAsync(ContenderLine.UpgradeableName, timeout, how, ct));

    /// <summary>Tries to get the lock for reading.</summary>
    /// <param name="timeout">How long to wait in line; zero (default): not at all, and nothing is written if somebody
    /// is in the way.</param>
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
        TimeSpan timeout, AcquireOptions how, CancellationToken ct = default) =>
        TryHandleAsync(TryAcquireAsync(ContenderLine.PlainReadName, timeout, how, ct));

    /// <summary>Tries to get the lock for writing.</summary>
    /// <inheritdoc cref="TryAcquireReadAsync(TimeSpan, CancellationToken)" path="/*[not(self::summary)]"/>
    public ValueTask<ILockHandle?> TryAcquireWriteAsync(TimeSpan timeout = default, CancellationToken ct = default) =>
        TryAcquireWriteAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="TryAcquireWriteAsync(TimeSpan, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">How long to wait in line; zero: not at all.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<ILockHandle?> TryAcquireWriteAsync(
        TimeSpan timeout, AcquireOptions how, CancellationToken ct = default) =>
        TryHandleAsync(TryAcquireAsync(ContenderLine.PlainWriteName, timeout, how, ct));

    /// <summary>Tries to get the lock for reading, with the right to become the writer.</summary>
    /// <inheritdoc cref="TryAcquireReadAsync(TimeSpan, CancellationToken)" path="/*[not(self::summary)]"/>
    public ValueTask<IUpgradeableLockHandle?> TryAcquireUpgradeableAsync(
        TimeSpan timeout = default, CancellationToken ct = default) =>
        TryAcquireUpgradeableAsync(timeout, AcquireOptions.None, ct);

    /// <inheritdoc cref="TryAcquireUpgradeableAsync(TimeSpan, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="timeout">How long to wait in line; zero: not at all.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    public ValueTask<IUpgradeableLockHandle?> TryAcquireUpgradeableAsync(
        TimeSpan timeout, AcquireOptions how, CancellationToken ct = default) =>
        TryUpgradeableAsync(TryAcquireAsync(ContenderLine.UpgradeableName, timeout, how, ct));

    /// <summary>
    /// Who holds and who waits, in order. An upgrade stands beside its upgradeable reader. A picture for people: it may
    /// be old when it arrives.
    /// </summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>Everybody in the line; nobody when there is no root.</returns>
    /// <exception cref="CoordException">The line could not be read. Nothing changed.</exception>
    public ValueTask<LockState> GetStateAsync(CancellationToken ct = default) => recipe.View.ReadAsync(ct);

    /// <summary>
    /// Asks all who hold to let go: their <see cref="ILockHandle.RevokedToken"/> fires if they look. Nothing is forced.
    /// </summary>
    /// <param name="reason">For the holders' records, at most 256 characters.</param>
    /// <param name="ct">Cancels; some may have been asked.</param>
    /// <returns>How many were asked.</returns>
    /// <exception cref="ArgumentException">The reason is null or too long. Nothing was sent.</exception>
    /// <exception cref="CoordException">Some may have been asked; asking again does no harm.</exception>
    public async ValueTask<int> RevokeAsync(string reason, CancellationToken ct = default) =>
        await recipe.View.RevokeAsync(LineView.CheckReason(reason), ct).ConfigureAwait(false);

    private static async ValueTask<ILockHandle> HandleAsync(ValueTask<LockGrant> granting) =>
        new LockHandle(await granting.ConfigureAwait(false));

    private static async ValueTask<ILockHandle?> TryHandleAsync(ValueTask<LockGrant?> granting) =>
        await granting.ConfigureAwait(false) is { } grant ? new LockHandle(grant) : null;

    private async ValueTask<IUpgradeableLockHandle> UpgradeableAsync(ValueTask<LockGrant> granting) =>
        new UpgradeableLockHandle(await granting.ConfigureAwait(false), UpgradeAsync);

    private async ValueTask<IUpgradeableLockHandle?> TryUpgradeableAsync(ValueTask<LockGrant?> granting) =>
        await granting.ConfigureAwait(false) is { } grant ? new UpgradeableLockHandle(grant, UpgradeAsync) : null;

    private ValueTask<LockGrant> AcquireAsync(
        string name, TimeSpan? timeout, AcquireOptions how, CancellationToken ct)
    {
        var limit = TimeLimit.Check(timeout ?? Timeout.InfiniteTimeSpan);
        return recipe.AcquireAsync(recipe.Ask(how, mayWait: true), name, limit, ct);
    }

    private ValueTask<LockGrant?> TryAcquireAsync(
        string name, TimeSpan timeout, AcquireOptions how, CancellationToken ct)
    {
        var limit = TimeLimit.Check(timeout);
        var flow = recipe.Ask(how, mayWait: limit != TimeSpan.Zero);
        return recipe.TryAcquireAsync(flow, name, limit, ct);
    }

    private ValueTask<LockGrant?> UpgradeAsync(LockGrant held, TimeSpan limit, CancellationToken ct)
    {
        var mayWait = limit != TimeSpan.Zero;

        // The flow holds the read already, and may release it before the upgrade: it remembers both.
        var flow = recipe.Ask(AcquireOptions.Independent, mayWait);
        return flow.RunAsync(() => recipe.ObserveAsync(ContenderLine.UpgradeName, () => TimeLimit.RunAsync(
            client, mayWait ? limit : Timeout.InfiniteTimeSpan,
            both => new LockUpgrade(client, root, mark, options, held, both).RunAsync(mayWait), ct)));
    }
}
