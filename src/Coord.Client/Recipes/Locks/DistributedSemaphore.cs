namespace Coord.Client.Recipes;

/// <summary>
/// A limited number of permits in the cluster, given out first come, first served. Layout as Curator's second version:
/// <c>path/locks</c> is the queue, <c>path/leases</c> holds an ephemeral znode for each permit, so that Java and .NET
/// programs can share it. The limit is kept in the root.
/// </summary>
/// <remarks>
/// Each handle is independent; losing the session loses all of them. Tokens increase but several are valid at once:
/// they identify a permit, they do not fence it. A flow may hold several handles, so waiting for oneself is not
/// detected. Thread-safe. Source: Apache Curator, InterProcessSemaphoreV2; client-sdk.md 10.5.
/// </remarks>
/// <example><code>
/// var exports = new DistributedSemaphore(coord, "/limits/exports", limit: 3);
/// await using var permit = await exports.AcquireAsync(timeout: TimeSpan.FromMinutes(1));
/// </code></example>
public sealed class DistributedSemaphore : IDistributedSemaphore
{
    /// <summary>Most permits of one call.</summary>
    public const int PermitsMax = 1000;

    private readonly ICoordClient client;
    private readonly LockOptions options;
    private readonly SemaphoreRoot root;
    private readonly LockRoot queue;
    private readonly LockRoot leases;
    private readonly LineView line;
    private readonly LockTelemetry telemetry;
    private volatile int limit;

    /// <summary>Makes a semaphore; does no I/O.</summary>
    /// <param name="client">The client whose session holds the permits.</param>
    /// <param name="path">The root, absolute; made when missing, and kept.</param>
    /// <param name="limit">How many permits there are, from 1 on. All users of the path must agree when they open
    /// it.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path, the limit or an option is wrong.</exception>
    public DistributedSemaphore(ICoordClient client, string path, int limit, LockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ZnodePath.Check(path, nameof(path));
        if (path == "/")
            throw new ArgumentException("The root cannot be a semaphore.", nameof(path));
        this.client = client;
        this.limit = limit;
        this.options = options ?? new LockOptions();
        this.options.Check();
        Path = path;
        root = new SemaphoreRoot(client, path, limit);
        queue = new LockRoot(
            client, ZnodePath.Combine(path, "locks"), DistributedMutex.Tag, this.options.CleanUpParent);
        leases = new LockRoot(
            client, ZnodePath.Combine(path, "leases"), "coord:leases:1", this.options.CleanUpParent);
        line = new LineView(client, queue.Path, ContenderLine.Mutex);
        telemetry = new LockTelemetry(client, "semaphore", path, this.options.Name, this.options.TraceHold);
        client.RequireSessionProof();
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public async ValueTask<ILockHandle> AcquireAsync(
        int permits = 1, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var span = Check(permits, timeout ?? Timeout.InfiniteTimeSpan);
        return await HandleAsync(() => RunAsync(permits, span, mayWait: true, ct)).ConfigureAwait(false)
            ?? throw new TimeoutException($"{permits} permits of {Path} were not to be had within {span}.");
    }

    /// <inheritdoc/>
    public async ValueTask<ILockHandle?> TryAcquireAsync(
        int permits = 1, TimeSpan timeout = default, CancellationToken ct = default)
    {
        var span = Check(permits, timeout);
        return await HandleAsync(() => span == TimeSpan.Zero
            ? TryOnceAsync(permits, ct) : RunAsync(permits, span, mayWait: true, ct)).ConfigureAwait(false);
    }

    /// <summary>
    /// Changes the limit for everyone. A lower one takes effect as permits return: nothing is taken away.
    /// </summary>
    /// <param name="limit">From 1 on.</param>
    /// <param name="ct">Cancels; the limit may have been changed.</param>
    /// <returns>When it is stored.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1. Nothing was sent.</exception>
    /// <exception cref="RecipeMismatchException">The path is another recipe's. Nothing changed.</exception>
    /// <exception cref="CoordException">The limit may or may not have been changed; setting it again does no
    /// harm.</exception>
    public async ValueTask SetLimitAsync(int limit, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await root.StoreAsync(limit, ct).ConfigureAwait(false);
        this.limit = limit;
    }

    /// <summary>What is free, held and waited for, and by whom. A picture for people.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The state; empty when nobody has opened the semaphore.</returns>
    /// <exception cref="CoordException">It could not be read. Nothing changed.</exception>
    public async ValueTask<SemaphoreState> GetStateAsync(CancellationToken ct = default)
    {
        var queued = await line.ReadAsync(ct).ConfigureAwait(false);
        var held = await new LineView(client, leases.Path, SemaphoreAcquisition.Leases).ReadAsync(ct)
            .ConfigureAwait(false);
        var (stored, _) = await root.ReadAsync(ct).ConfigureAwait(false);
        Contender[] waiting = [.. queued.Holders, .. queued.Waiting];
        return new SemaphoreState(stored, Math.Max(0, stored - held.Holders.Count), held.Holders, waiting);
    }

    /// <summary>
    /// Asks all holders to let go: their <see cref="ILockHandle.RevokedToken"/> fires if they look. Nothing is forced.
    /// </summary>
    /// <param name="reason">For the holders' records, at most 256 characters.</param>
    /// <param name="ct">Cancels; some may have been asked.</param>
    /// <returns>For how many permits.</returns>
    /// <exception cref="ArgumentException">The reason is null or too long. Nothing was sent.</exception>
    /// <exception cref="CoordException">Some may have been asked; asking again does no harm.</exception>
    public async ValueTask<int> RevokeAsync(string reason, CancellationToken ct = default) =>
        await new LineView(client, leases.Path, SemaphoreAcquisition.Leases)
            .RevokeAsync(LineView.CheckReason(reason), ct).ConfigureAwait(false);

    private TimeSpan Check(int permits, TimeSpan timeout)
    {
        var most = Math.Min(limit, PermitsMax);
        if (permits < 1 || permits > most)
            throw new ArgumentOutOfRangeException(nameof(permits), permits, $"From 1 to {most}.");
        return TimeLimit.Check(timeout);
    }

    private async ValueTask<bool> HasRoomAsync(int permits, ReadOptions? read, CancellationToken ct)
    {
        var waiting = line.WouldWaitAsync(ContenderLine.LockName, ct);
        var stored = await root.LimitAsync(ct).ConfigureAwait(false);
        var isQueued = await waiting.ConfigureAwait(false);
        try
        {
            var children = await client.GetChildrenAsync(leases.Path, read, ct).ConfigureAwait(false);
            return !isQueued && children.Names.Count + permits <= stored;
        }
        catch (NoNodeException)
        {
            return !isQueued && permits <= stored;
        }
    }

    private async ValueTask<ILockHandle?> HandleAsync(Func<ValueTask<IReadOnlyList<LockGrant>?>> acquire)
    {
        var granted = await telemetry.AcquireAsync(acquire).ConfigureAwait(false);
        foreach (var grant in granted ?? [])
            grant.Observe(telemetry.BeginHold());
        return granted switch
        {
            null => null,
            [var one] => new LockHandle(one),
            _ => new CombinedHandle([.. granted.Select(static grant => new LockHandle(grant))]),
        };
    }

    private async ValueTask<IReadOnlyList<LockGrant>?> TryOnceAsync(int permits, CancellationToken ct)
    {
        await root.OpenAsync(ct).ConfigureAwait(false);
        // Our server may not have heard of a release yet that our caller knows of.
        return await HasRoomAsync(permits, null, ct).ConfigureAwait(false)
            || await HasRoomAsync(permits, ReadOptions.Fresh, ct).ConfigureAwait(false)
            ? await RunAsync(permits, Timeout.InfiniteTimeSpan, mayWait: false, ct).ConfigureAwait(false)
            : null;
    }

    private ValueTask<IReadOnlyList<LockGrant>?> RunAsync(
        int permits, TimeSpan span, bool mayWait, CancellationToken ct) => TimeLimit.RunAsync(
        client, span,
        both => new SemaphoreAcquisition(client, root, queue, leases, Path, options, permits, telemetry, both)
            .RunAsync(mayWait),
        ct);
}
