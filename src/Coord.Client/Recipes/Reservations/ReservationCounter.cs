namespace Coord.Client.Recipes;

/// <summary>
/// A stock that is never oversold: units are set aside, then sold or returned. What a crashed process had set aside is
/// free again when its session ends.
/// </summary>
/// <remarks>
/// Layout: the root <c>path</c> holds total, sold and the tags of the last changes; a reservation is an ephemeral child
/// named with its quantity, and free is total less sold less the live children. Thread-safe. Source: client-sdk.md
/// 11.5.
/// </remarks>
/// <example><code>
/// var stock = new ReservationCounter(coord, "/stock/9");
/// await using var units = await stock.TryReserveAsync(2, ct);
/// if (units is null) return SoldOut();
/// await payments.ChargeAsync(order, units.LostToken);
/// await units.CommitAsync(ct);
/// </code></example>
public sealed class ReservationCounter
{
    /// <summary>Most live reservations of one root.</summary>
    public const int MaxReservations = 1000;

    /// <summary>Longest expiry of a durable reservation.</summary>
    public static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(30);

    private readonly StockZnode stock;

    /// <summary>Makes a stock; does no I/O.</summary>
    /// <param name="client">The client whose session holds the reservations.</param>
    /// <param name="path">The root, absolute; made by the first <see cref="TryAddStockAsync"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public ReservationCounter(ICoordClient client, string path, ReservationOptions? options = null)
    {
        RecipeChecks.Path(client, path);
        options ??= new ReservationOptions();
        options.Check();
        // Room for the longest name of a reservation.
        ZnodePath.Combine(path, new ReservationName(long.MaxValue, long.MaxValue, Guid.Empty).ToString());
        stock = new StockZnode(client, path, options);
        client.RequireSessionProof();
    }

    /// <summary>The root, without chroot.</summary>
    public string Path => stock.Path;

    /// <summary>A stock spread over several roots, for items that sell faster than one znode is written.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The parent of the roots <c>path/0</c>, <c>path/1</c> and so on.</param>
    /// <param name="shards">How many, 1 to 256; the same for all users of the path.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <returns>The stock.</returns>
    /// <exception cref="ArgumentException">An argument or an option is wrong.</exception>
    public static ShardedReservationCounter Sharded(
        ICoordClient client, string path, int shards, ReservationOptions? options = null) =>
        new(client, path, shards, options);

    /// <summary>The stock now (linearizable).</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>All zero when there is no root. Writes nothing.</returns>
    /// <exception cref="ZnodeFormatException">The root's bytes are no stock.</exception>
    public async ValueTask<StockState> GetStateAsync(CancellationToken ct = default)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var (isMissing, picture) = await stock.ReadAsync(ct).ConfigureAwait(false);
            if (isMissing)
                return default;
            if (picture is not null)
                return picture.State;
        }
    }

    /// <summary>Puts units in, or takes free ones out.</summary>
    /// <param name="units">How many; negative: taken out.</param>
    /// <param name="ct">Ends the wait; a change that was sent may still be carried out.</param>
    /// <returns>False when fewer are free than would be taken out: nothing changed.</returns>
    /// <exception cref="OverflowException">The total does not fit 64 bits. Nothing was written.</exception>
    /// <exception cref="ZnodeFormatException">The root's bytes are no stock. Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether the change
    /// happened.</exception>
    /// <exception cref="CoordException">Not carried out; <see cref="CoordException.Outcome"/> says so.</exception>
    public ValueTask<bool> TryAddStockAsync(long units, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfEqual(units, long.MinValue);
        return new StockChange(stock, units).RunAsync(ct);
    }

    /// <summary>Sets units aside for as long as this session lives.</summary>
    /// <param name="quantity">How many, at least 1.</param>
    /// <param name="ct">Cancels; nothing stays set aside.</param>
    /// <returns>The reservation, or null when fewer are free. Dispose it to return what was not committed.</returns>
    /// <exception cref="ReservationLimitException">The root has <see cref="MaxReservations"/> live ones. Nothing was
    /// reserved.</exception>
    /// <exception cref="ZnodeFormatException">The root's bytes are no stock. Nothing was written.</exception>
    /// <exception cref="CoordException">Nothing is reserved, or, with <see cref="Outcome.Unknown"/>, it is being taken
    /// back in the background.</exception>
    public async ValueTask<Reservation?> TryReserveAsync(long quantity, CancellationToken ct = default)
    {
        var name = Check(quantity, null, ct);
        var attempt = new ReservationAttempt(stock, name, MaxReservations);
        if (!await attempt.RunAsync(ct).ConfigureAwait(false))
            return null;
        var commit = new ReservationCommit(stock, name);
        return new Reservation(commit, stock.Client.Guard(commit.Path, attempt.Session!));
    }

    /// <summary>Sets units aside for a time, whatever becomes of this process.</summary>
    /// <param name="quantity">How many, at least 1.</param>
    /// <param name="expiry">For how long, 1 s to 30 days, rounded up to seconds.</param>
    /// <param name="ct">Cancels; what may have been set aside is taken back in the background.</param>
    /// <returns>The reservation, or null when fewer are free.</returns>
    /// <exception cref="ReservationLimitException">The root has <see cref="MaxReservations"/> live ones. Nothing was
    /// reserved.</exception>
    /// <exception cref="ZnodeFormatException">The root's bytes are no stock. Nothing was written.</exception>
    /// <exception cref="CoordException">Nothing is reserved, or, with <see cref="Outcome.Unknown"/>, it is being taken
    /// back in the background, at the latest by its expiry.</exception>
    public async ValueTask<DurableReservation?> TryReserveDurablyAsync(
        long quantity, TimeSpan expiry, CancellationToken ct = default)
    {
        if (expiry < TimeSpan.FromSeconds(1) || expiry > LongestExpiry)
            throw new ArgumentOutOfRangeException(nameof(expiry), expiry, "1 s to 30 days.");
        var name = Check(quantity, (long)Math.Ceiling(expiry.TotalSeconds), ct);
        var attempt = new ReservationAttempt(stock, name, MaxReservations);
        return await attempt.RunAsync(ct).ConfigureAwait(false)
            ? new DurableReservation(new ReservationCommit(stock, name), attempt.Changes)
            : null;
    }

    /// <summary>Goes on with a durable reservation made elsewhere; does no I/O.</summary>
    /// <param name="ticket">Its <see cref="DurableReservation.Ticket"/>.</param>
    /// <returns>The reservation; whether it still stands is told by its commit.</returns>
    /// <exception cref="ArgumentException">The text is no ticket.</exception>
    public DurableReservation Resume(string ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (!ReservationTicket.TryRead(ticket, out var name, out var changes))
            throw new ArgumentException("Not a ticket of a durable reservation.", nameof(ticket));
        return new DurableReservation(new ReservationCommit(stock, name, unknownSince: changes), changes);
    }

    private static ReservationName Check(long quantity, long? expirySeconds, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        ct.ThrowIfCancellationRequested();
        return new ReservationName(quantity, expirySeconds, Guid.NewGuid());
    }
}
