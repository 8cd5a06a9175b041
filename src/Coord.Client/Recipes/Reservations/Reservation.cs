namespace Coord.Client.Recipes;

/// <summary>
/// Units set aside for one buyer until they are committed, returned, or lost with the session. Thread-safe.
/// </summary>
public sealed class Reservation : IAsyncDisposable
{
    private readonly ReservationCommit commit;
    private readonly ZnodeGuard guard;
    private readonly Lock gate = new();
    private Task? release;

    internal Reservation(ReservationCommit commit, ZnodeGuard guard)
    {
        this.commit = commit;
        this.guard = guard;
    }

    /// <summary>How many units.</summary>
    public long Quantity => commit.Name.Quantity;

    /// <summary>Its znode, without chroot.</summary>
    public string Path => commit.Path;

    /// <summary>
    /// Fires once, when the session is lost: from then on a commit may come too late. Never because of commit or
    /// disposal. Callbacks run on the pool.
    /// </summary>
    public CancellationToken LostToken => guard.LostToken;

    /// <summary>Sells the units: they leave the stock for good. Again after success changes nothing.</summary>
    /// <param name="ct">Ends the wait; a commit that was sent may still be carried out. Calling again finds
    /// out.</param>
    /// <returns>When it is certain.</returns>
    /// <exception cref="ReservationLostException">The reservation had ended: nothing is sold.</exception>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether they were sold. Calling
    /// again looks again; disposing makes sure that nothing is sold later.</exception>
    /// <exception cref="CoordException">Not sold; <see cref="CoordException.Outcome"/> says so.</exception>
    public async ValueTask CommitAsync(CancellationToken ct = default)
    {
        await commit.RunAsync(ct).ConfigureAwait(false);
        guard.Dispose();
    }

    /// <summary>Returns the units unless they were committed; never throws, and goes on in the background.</summary>
    /// <returns>When the cluster answered, or after a second.</returns>
    public async ValueTask DisposeAsync()
    {
        if (commit.IsDone)
            return;
        Task running;
        lock (gate)
            running = release ??= ReleaseAsync();
        await running.ConfigureAwait(false);
    }

    private async Task ReleaseAsync()
    {
        guard.Dispose();
        await Withdrawal.RunAsync(commit.Client, Path, guard.Session).ConfigureAwait(false);
    }
}
