using System.Diagnostics.CodeAnalysis;

namespace Coord.Client.Recipes;

/// <summary>
/// A held <see cref="TimedLock"/>. It ends with its time and not with a session; <see cref="LostToken"/> is fired by a
/// timer on the pool, <see cref="State"/> looks at the clocks and knows at once.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "The token must stay readable for good, also after disposal.")]
public sealed class TimedLockHandle : ILockHandle
{
    // The part of its time that a holder leaves unused, for clocks that run at different rates.
    private const double Margin = 0.1;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(2);

    private readonly ICoordClient client;
    private readonly string root;
    private readonly TimedHoldWriter writer;
    private readonly TimedLockOptions options;
    private readonly TwoClocks grantedAt;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly Task renewing;
    private readonly Task ending;
    private TwoClocks renewedAt;
    private LockHold? hold;
    private Task<ReleaseResult>? release;

    internal TimedLockHandle(
        ICoordClient client, string root, TimedHoldWriter writer, TimedLockOptions options, FencingToken token,
        TwoClocks sentAt)
    {
        this.client = client;
        this.root = root;
        this.writer = writer;
        this.options = options;
        Token = token;
        grantedAt = renewedAt = sentAt;
        ending = EndAsync();
        renewing = options.AutoRenew ? RenewAsync() : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public string Path => writer.Path;

    /// <inheritdoc/>
    public FencingToken Token { get; }

    /// <inheritdoc/>
    public CancellationToken LostToken => lost.Token;

    /// <summary>Never fires: whoever wants a timed lock waits for its end.</summary>
    public CancellationToken RevokedToken => CancellationToken.None;

    /// <inheritdoc/>
    public HandleState State => this switch
    {
        { IsReleased: true } => HandleState.Released,
        { IsOver: true } => HandleState.Lost,
        _ => client.State == SessionState.Connected ? HandleState.Held : HandleState.Suspect,
    };

    /// <summary>Time until the hold ends unless it is renewed; zero when lost or released.</summary>
    public TimeSpan Remaining => IsReleased || IsOver ? TimeSpan.Zero : Max(Left());

    private bool IsReleased => Volatile.Read(ref release) is not null;

    /// <summary>Once true it stays true, whatever renewal comes after.</summary>
    private bool IsOver
    {
        get
        {
            if (!lost.IsCancellationRequested && Left() <= TimeSpan.Zero)
                Lose();
            return lost.IsCancellationRequested;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> VerifyAsync(CancellationToken ct = default)
    {
        if (State is HandleState.Lost or HandleState.Released)
            return false;
        var znode = await client.TryGetAsync(Path, ReadOptions.Linearizable, ct).ConfigureAwait(false);
        if (znode is not null && TimedHold.Read(znode).IsOf(writer.Tag))
            return !IsOver;
        Lose();
        return false;
    }

    /// <summary>
    /// A multi whose first operations check that the hold is as it was renewed last. A renewal between this call and
    /// the commit fails it with <see cref="MultiFailedException"/> (nothing done): make another.
    /// </summary>
    /// <returns>The multi.</returns>
    public Multi CreateMulti() => client.CreateMulti()
        .GuardedBy(Path, () => State is HandleState.Lost or HandleState.Released)
        .Check(Path, writer.Version);

    /// <summary>Not possible: <see cref="Detach"/> hands a hold on.</summary>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ILockHandle Share() => throw new NotSupportedException("A timed lock is detached, not shared.");

    /// <summary>
    /// Lets go without releasing: the hold lasts to its end, and <see cref="TimedLock.ResumeAsync"/> goes on with it
    /// elsewhere. This handle counts as released.
    /// </summary>
    /// <returns>The ticket.</returns>
    /// <exception cref="LockLostException">The lock is lost or released.</exception>
    public TimedLockTicket Detach()
    {
        lock (gate)
        {
            ThrowIfLost();
            Volatile.Write(ref release, Task.FromResult(ReleaseResult.Pending));
        }

        stop.Cancel();
        hold?.Released();
        return new TimedLockTicket(root, writer.Tag, Token);
    }

    /// <summary>
    /// Releases; within <see cref="TimedLockOptions.MinimumHold"/>, shortens the hold to what is left of it. What
    /// cannot be written within 1 s ends with its time (<see cref="ReleaseResult.Pending"/>). Twice is harmless.
    /// </summary>
    /// <param name="ct">Ends the wait; the release goes on in the background.</param>
    /// <returns>What is known about it.</returns>
    public ValueTask<ReleaseResult> ReleaseAsync(CancellationToken ct = default)
    {
        Task<ReleaseResult> running;
        lock (gate)
        {
            if (release is null)
                Volatile.Write(ref release, ReleaseOnceAsync(IsOver));
            running = release!;
        }

        return new ValueTask<ReleaseResult>(running.WaitAsync(ct));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ReleaseAsync().ConfigureAwait(false);

    /// <inheritdoc/>
    public void ThrowIfLost()
    {
        if (State is HandleState.Lost or HandleState.Released)
            throw new LockLostException(Path);
    }

    /// <summary>Tells of the hold's end.</summary>
    internal void Observe(LockHold? begun)
    {
        hold = begun;
        hold?.Follow(() => Left() > TimeSpan.Zero ? "taken_over" : "expired", LostToken);
    }

    private static TimeSpan Max(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private TimeSpan Left()
    {
        TwoClocks from;
        lock (gate)
            from = renewedAt;
        return (options.Duration * (1 - Margin)) - from.LongestSince(client.TimeProvider);
    }

    private async Task<ReleaseResult> ReleaseOnceAsync(bool wasLost)
    {
        if (!wasLost)
            hold?.Released();
        await stop.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(false);
        await ending.ConfigureAwait(false);
        using var limit = new CancellationTokenSource(AnswerWithin, client.TimeProvider);
        try
        {
            var least = options.MinimumHold - grantedAt.LongestSince(client.TimeProvider);
            if (least <= TimeSpan.Zero || wasLost)
            {
                var isFree = await writer.ReleaseAsync(limit.Token).ConfigureAwait(false);
                return wasLost || !isFree ? ReleaseResult.AlreadyLost : ReleaseResult.Released;
            }

            var shortened = await writer.RenewAsync(least, limit.Token).ConfigureAwait(false);
            return shortened is null ? ReleaseResult.AlreadyLost : ReleaseResult.Pending;
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException)
        {
            // It ends with its time.
            return wasLost ? ReleaseResult.AlreadyLost : ReleaseResult.Pending;
        }
    }

    private async Task EndAsync()
    {
        await Task.Yield();
        try
        {
            for (var left = Left(); left > TimeSpan.Zero; left = Left())
                await Task.Delay(left < LeastWait ? LeastWait : left, client.TimeProvider, stop.Token)
                    .ConfigureAwait(false);
            Lose();
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }

    private async Task RenewAsync()
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await Task.Delay(options.Duration / 3, client.TimeProvider, stop.Token).ConfigureAwait(false);
                if (await writer.RenewAsync(null, stop.Token).ConfigureAwait(false) is not { } sentAt)
                    break;
                if (IsOver)
                    return;
                lock (gate)
                    renewedAt = sentAt;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e) when (e is CoordException or ObjectDisposedException)
        {
            // No way to renew any more; the hold lasts to its end.
            return;
        }

        Lose();
    }

    private void Lose() => _ = lost.CancelAsync();
}
