namespace Coord.Client.Recipes;

/// <summary>
/// One holder, without a line: one ephemeral znode at the path itself. The cheapest lock for "try once, else leave";
/// who waits is woken with everybody else, and nobody's turn is kept.
/// </summary>
/// <remarks>
/// The token is the czxid of the znode. All users share the znode's path, so an operator who deletes it while others
/// want it may leave two who believe in it for the moment that the watch event takes; a guarded multi cannot tell them
/// apart in that moment, the token can. Thread-safe. Source: ZooKeeper Recipes, Locks (the simple form); client-sdk.md
/// 10.6.
/// </remarks>
/// <example><code>
/// var nightly = new SingleZnodeLock(coord, "/locks/nightly-report");
/// await using var held = await nightly.TryAcquireAsync();
/// if (held is null) return;   // somebody else does it
/// </code></example>
public sealed class SingleZnodeLock : IDistributedLock
{
    private readonly ICoordClient client;
    private readonly LockOptions options;
    private readonly LockTelemetry telemetry;

    /// <summary>Makes a lock; does no I/O.</summary>
    /// <param name="client">The client whose session holds the lock.</param>
    /// <param name="path">The znode, absolute; its parents are made when missing.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public SingleZnodeLock(ICoordClient client, string path, LockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ZnodePath.Check(path, nameof(path));
        if (path == "/")
            throw new ArgumentException("The root cannot be a lock.", nameof(path));
        this.client = client;
        this.options = options ?? new LockOptions();
        this.options.Check();
        Path = path;
        telemetry = new LockTelemetry(client, "single_znode", path, this.options.Name, this.options.TraceHold);
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
        return AcquireAsync(Ask(how, mayWait: true), limit, ct);
    }

    /// <inheritdoc/>
    public ValueTask<ILockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken ct = default) =>
        TryAcquireAsync(timeout, AcquireOptions.None, ct);

    /// <summary>As <see cref="TryAcquireAsync(TimeSpan, CancellationToken)"/>, with options for this call.</summary>
    /// <param name="timeout">How long to wait; zero: not at all.</param>
    /// <param name="how">How to acquire.</param>
    /// <param name="ct">Cancels the wait, never a lock already granted.</param>
    /// <returns>The handle, or null when it was not to be had in time.</returns>
    /// <exception cref="LockRecursionException">The call would wait, and the flow holds the lock already. Nothing was
    /// sent.</exception>
    public ValueTask<ILockHandle?> TryAcquireAsync(TimeSpan timeout, AcquireOptions how, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        var mayWait = limit != TimeSpan.Zero;
        return RunAsync(Ask(how, mayWait), limit, mayWait, ct);
    }

    /// <summary>Who holds the lock; who waits is not known. A picture for people.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The holder, or nobody.</returns>
    /// <exception cref="CoordException">It could not be read. Nothing changed.</exception>
    public async ValueTask<LockState> GetStateAsync(CancellationToken ct = default) =>
        await client.TryGetAsync(Path, ReadOptions.Fresh, ct).ConfigureAwait(false) is { } znode
            ? new LockState([new Contender(Path, 0, ContenderBytes.Read(znode.Bytes.Span))], [])
            : new LockState([], []);

    private FlowHold Ask(AcquireOptions how, bool mayWait) => LockFlow.Ask(
        client, Path, mayWait && options.DetectRecursion && !how.HasFlag(AcquireOptions.Independent));

    private async ValueTask<ILockHandle> AcquireAsync(FlowHold flow, TimeSpan limit, CancellationToken ct) =>
        await RunAsync(flow, limit, mayWait: true, ct).ConfigureAwait(false)
            ?? throw new TimeoutException($"The lock {Path} was not to be had within {limit}.");

    private async ValueTask<ILockHandle?> RunAsync(
        FlowHold flow, TimeSpan limit, bool mayWait, CancellationToken ct)
    {
        var span = mayWait ? limit : Timeout.InfiniteTimeSpan;
        var grant = await flow.RunAsync(() => telemetry.AcquireAsync(() => TimeLimit.RunAsync(
            client, span, both => new SingleZnodeAcquisition(client, Path, options, both).RunAsync(mayWait), ct)))
            .ConfigureAwait(false);
        grant?.Observe(telemetry.BeginHold());
        return grant is null ? null : new LockHandle(grant);
    }
}
