namespace Coord.Client.Recipes;

/// <summary>
/// A small number that nobody else has while it is held: the lowest free one of a range. It is lost with the session,
/// and given to nobody for a while after that.
/// </summary>
/// <remarks>
/// Layout: a persistent znode <c>path/n</c> for each number ever used, with an ephemeral child while it is held.
/// Whoever looks for a number and finds one free notes so in its znode; it may be taken when the leader's clock has
/// gone <see cref="WorkerIdOptions.Quarantine"/> further. No clock of two clients is compared. Thread-safe. Source:
/// client-sdk.md 11.4.
/// </remarks>
/// <example><code>
/// await using var worker = await WorkerId.AcquireAsync(coord, "/workers", range: 1024, ct: ct);
/// var ids = new SnowflakeIds(worker);
/// </code></example>
public sealed class WorkerId : IAsyncDisposable
{
    /// <summary>Largest range.</summary>
    public const int MaxRange = 65_536;

    private readonly ICoordClient client;
    private readonly ZnodeGuard guard;
    private readonly Lock gate = new();
    private Task? release;

    internal WorkerId(ICoordClient client, int value, ZnodeGuard guard)
    {
        this.client = client;
        this.guard = guard;
        Value = value;
    }

    /// <summary>The number, from 0 to the range less 1.</summary>
    public int Value { get; }

    /// <summary>The ephemeral znode that stands for it, without chroot.</summary>
    public string Path => guard.Path;

    /// <summary>
    /// Fires once, when the number is lost, before anybody else can have it; never because of disposal. Callbacks run
    /// on the pool.
    /// </summary>
    public CancellationToken LostToken => guard.LostToken;

    /// <summary>Whether it may be used now.</summary>
    public bool IsHeld => Volatile.Read(ref release) is null && !guard.IsLost;

    /// <summary>Time until the session deadline; zero when lost or disposed.</summary>
    public TimeSpan Remaining => IsHeld ? guard.Session.Remaining : TimeSpan.Zero;

    internal TimeProvider TimeProvider => client.TimeProvider;

    /// <summary>Waits for a number.</summary>
    /// <param name="client">The client whose session holds it.</param>
    /// <param name="path">The root, absolute; made when missing.</param>
    /// <param name="range">How many numbers there are, 1 to <see cref="MaxRange"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="timeout">Total time, connecting included; null or <see cref="Timeout.InfiniteTimeSpan"/>: without
    /// end.</param>
    /// <param name="ct">Cancels the wait.</param>
    /// <returns>The number held; dispose it to give it back.</returns>
    /// <exception cref="TimeoutException">All numbers were held or in quarantine until the time was up. None is
    /// held.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. None is held.</exception>
    /// <exception cref="ArgumentException">An argument or an option is wrong. Nothing was sent.</exception>
    /// <exception cref="CoordException">An error that waiting does not mend, such as <see cref="NoAuthException"/>.
    /// None is held.</exception>
    public static async ValueTask<WorkerId> AcquireAsync(
        ICoordClient client, string path, int range, WorkerIdOptions? options = null, TimeSpan? timeout = null,
        CancellationToken ct = default)
    {
        RecipeChecks.Path(client, path);
        if (range is < 1 or > MaxRange)
            throw new ArgumentOutOfRangeException(nameof(range), range, $"1 to {MaxRange}.");
        var limit = timeout ?? Timeout.InfiniteTimeSpan;
        if (limit <= TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "Positive or infinite.");
        options ??= new WorkerIdOptions();
        options.Check();
        ct.ThrowIfCancellationRequested();
        client.RequireSessionProof();

        using var timer = new CancellationTokenSource(limit, client.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            return await new WorkerIdAcquisition(client, path, range, options, both.Token).RunAsync()
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            throw new TimeoutException($"No number of {path} was to be had within {timeout}.");
        }
    }

    /// <summary>Throws when it may not be used any more.</summary>
    /// <exception cref="LockLostException">It is lost or disposed.</exception>
    public void ThrowIfLost()
    {
        if (!IsHeld)
            throw new LockLostException(Path);
    }

    /// <summary>Gives the number back; never throws. Without a connection that goes on in the background.</summary>
    /// <returns>When the cluster answered, or after a second.</returns>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (gate)
            running = release ??= ReleaseAsync();
        await running.ConfigureAwait(false);
    }

    private async Task ReleaseAsync()
    {
        guard.Dispose();
        await Withdrawal.RunAsync(client, Path, guard.Session).ConfigureAwait(false);
    }
}
