namespace Coord.Client.Recipes;

/// <summary>
/// One holder until its time ends, whatever becomes of its session: for short-lived processes, callers without a
/// connection of their own, and holds that move from process to process.
/// </summary>
/// <remarks>
/// The znode <c>path/holder</c> is persistent, and stays for good: a release writes that it is free, so that no version
/// of it comes twice. A waiter takes over when it has watched the same version of it for the
/// whole duration plus a tenth plus 1 s on its own clock; the holder's own end is counted from when its last confirmed
/// renewal was sent, less a tenth, so it ends before any waiter's count. No clock of another machine is ever compared.
/// No order among waiters, and no session is required: the token is the mzxid of the write that took the lock.
/// Thread-safe. Source: client-sdk.md 10.7.
/// </remarks>
/// <example><code>
/// var import = new TimedLock(coord, "/locks/import", new TimedLockOptions { Duration = TimeSpan.FromMinutes(2) });
/// await using var held = await import.TryAcquireAsync();
/// </code></example>
public sealed class TimedLock : IDistributedLock
{
    private const string HolderName = "holder";

    private readonly ICoordClient client;
    private readonly TimedLockOptions options;
    private readonly LockTelemetry telemetry;
    private readonly string holderPath;

    /// <summary>Makes a lock; does no I/O.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The root, absolute; made when missing.</param>
    /// <param name="options">Names the duration.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public TimedLock(ICoordClient client, string path, TimedLockOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        holderPath = ZnodePath.Combine(path, HolderName);
        this.client = client;
        this.options = options;
        Path = path;
        telemetry = new LockTelemetry(client, "timed", path, options.Name, options.TraceHold);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc cref="IDistributedLock.AcquireAsync"/>
    public async ValueTask<TimedLockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout ?? Timeout.InfiniteTimeSpan);
        return await RunAsync(limit, mayWait: true, ct).ConfigureAwait(false)
            ?? throw new TimeoutException($"The lock {Path} was not to be had within {limit}.");
    }

    /// <inheritdoc cref="IDistributedLock.TryAcquireAsync"/>
    public async ValueTask<TimedLockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        return limit == TimeSpan.Zero
            ? await RunAsync(Timeout.InfiniteTimeSpan, mayWait: false, ct).ConfigureAwait(false)
            : await RunAsync(limit, mayWait: true, ct).ConfigureAwait(false);
    }

    async ValueTask<ILockHandle> IDistributedLock.AcquireAsync(TimeSpan? timeout, CancellationToken ct) =>
        await AcquireAsync(timeout, ct).ConfigureAwait(false);

    async ValueTask<ILockHandle?> IDistributedLock.TryAcquireAsync(TimeSpan timeout, CancellationToken ct) =>
        await TryAcquireAsync(timeout, ct).ConfigureAwait(false);

    /// <summary>Goes on with a hold that was detached elsewhere.</summary>
    /// <param name="ticket">What the other process handed on.</param>
    /// <param name="ct">Cancels; the lock may have been renewed.</param>
    /// <returns>The handle, with the token of the grant.</returns>
    /// <exception cref="ArgumentException">The ticket is another lock's. Nothing was sent.</exception>
    /// <exception cref="LockLostException">Somebody else has it, or it was released.</exception>
    /// <exception cref="CoordException">It could not be renewed now; the hold goes on to its end.</exception>
    public async ValueTask<TimedLockHandle> ResumeAsync(TimedLockTicket ticket, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (ticket.Path != Path)
            throw new ArgumentException($"The ticket is for {ticket.Path}.", nameof(ticket));
        var znode = await client.TryGetAsync(holderPath, ReadOptions.Fresh, ct).ConfigureAwait(false);
        if (znode is null || !TimedHold.Read(znode).IsOf(ticket.Tag))
            throw new LockLostException(holderPath);
        // A tag of its own makes a ticket good for once: whoever resumes it later, or never let go, finds it gone.
        var writer = new TimedHoldWriter(client, holderPath, NewHold(), znode.Stat);
        var taken = await writer.TakeAsync(ct).ConfigureAwait(false) ?? throw new LockLostException(holderPath);
        return Observe(new TimedLockHandle(client, Path, writer, options, ticket.Token, taken.SentAt));
    }

    /// <summary>Who has the lock; who waits is not known. A picture for people.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The holder, or nobody.</returns>
    /// <exception cref="RecipeMismatchException">The znode is another recipe's.</exception>
    /// <exception cref="CoordException">It could not be read. Nothing changed.</exception>
    public async ValueTask<TimedLockState> GetStateAsync(CancellationToken ct = default)
    {
        var znode = await client.TryGetAsync(holderPath, ReadOptions.Fresh, ct).ConfigureAwait(false);
        return znode is null || TimedHold.Read(znode) is not { IsFree: false } hold
            ? new TimedLockState(IsTaken: false, null, null, TimeSpan.Zero, 0)
            : new TimedLockState(
                IsTaken: true, hold.Client, hold.Note.Length > 0 ? hold.Note : null, hold.Duration, hold.Renewals);
    }

    private TimedHold NewHold() => new(
        Guid.NewGuid().ToString("N"), (long)options.Duration.TotalMilliseconds, 0, client.ClientName,
        options.Note ?? string.Empty);

    private TimedLockHandle Observe(TimedLockHandle handle)
    {
        handle.Observe(telemetry.BeginHold());
        return handle;
    }

    private async ValueTask<TimedLockHandle?> RunAsync(TimeSpan limit, bool mayWait, CancellationToken ct)
    {
        var handle = await telemetry.AcquireAsync(
            () => TimeLimit.RunAsync(client, limit, both => RunAsync(mayWait, both), ct)).ConfigureAwait(false);
        return handle is null ? null : Observe(handle);
    }

    private async ValueTask<TimedLockHandle?> RunAsync(bool mayWait, CancellationToken ct)
    {
        while (true)
        {
            var znode = await client.TryGetAsync(holderPath, ReadOptions.Fresh, ct).ConfigureAwait(false);
            if (znode is not null)
            {
                // The count begins with an answer, so it is never longer than the znode has stood.
                var hold = TimedHold.Read(znode);
                if (!mayWait && !hold.IsFree)
                    return null;
                if (!hold.IsFree && !await HasStoodStillAsync(znode, hold, ct).ConfigureAwait(false))
                    continue;
            }

            var writer = new TimedHoldWriter(client, holderPath, NewHold(), znode?.Stat);
            if (await writer.TakeAsync(ct).ConfigureAwait(false) is { } taken)
                return new TimedLockHandle(client, Path, writer, options, new FencingToken(taken.Mzxid), taken.SentAt);
            if (!mayWait)
                return null;
        }
    }

    /// <returns>Whether the same version was there for the whole time; false as soon as there is another.</returns>
    private async ValueTask<bool> HasStoodStillAsync(Znode seen, TimedHold hold, CancellationToken ct)
    {
        var wait = (hold.Duration * 1.1) + TimeSpan.FromSeconds(1);
        using var timer = new CancellationTokenSource(wait, client.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            await client.WaitUntilAsync(
                seen.Path, now => now is null || now.Stat.Mzxid != seen.Stat.Mzxid, either.Token).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return true;
        }
    }
}
