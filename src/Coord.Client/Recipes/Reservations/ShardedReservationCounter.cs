using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>
/// A stock spread over several roots, each a <see cref="ReservationCounter"/>: reservations begin at one drawn by
/// chance and try the others. Never oversold; units of one reservation come from one root.
/// </summary>
/// <remarks>
/// A quantity that no root has alone is refused, though together they may. Thread-safe. Source: client-sdk.md 11.5.
/// </remarks>
public sealed class ShardedReservationCounter
{
    /// <summary>Most roots.</summary>
    public const int MaxShards = 256;

    private readonly ReservationCounter[] shards;

    internal ShardedReservationCounter(ICoordClient client, string path, int shards, ReservationOptions? options)
    {
        RecipeChecks.Path(client, path);
        if (shards is < 1 or > MaxShards)
            throw new ArgumentOutOfRangeException(nameof(shards), shards, $"1 to {MaxShards}.");
        Path = path;
        this.shards = [.. Enumerable.Range(0, shards).Select(i => new ReservationCounter(
            client, ZnodePath.Combine(path, i.ToString(CultureInfo.InvariantCulture)), options))];
    }

    /// <summary>The parent of the roots, without chroot.</summary>
    public string Path { get; }

    /// <summary>The sum of all roots, each as of its own moment: no snapshot.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>Total, sold, reserved.</returns>
    /// <exception cref="ZnodeFormatException">The bytes of a root are no stock.</exception>
    public async ValueTask<StockState> GetStateAsync(CancellationToken ct = default)
    {
        var states = await Task.WhenAll(shards.Select(shard => shard.GetStateAsync(ct).AsTask()))
            .ConfigureAwait(false);
        return states.Aggregate(static (a, b) => checked(
            new StockState(a.Total + b.Total, a.Sold + b.Sold, a.Reserved + b.Reserved)));
    }

    /// <summary>
    /// Puts units in, in even parts. Not atomic: an error leaves those of the roots before it.
    /// </summary>
    /// <param name="units">How many, at least 0.</param>
    /// <param name="ct">Ends the wait; a change that was sent may still be carried out.</param>
    /// <returns>When all are in.</returns>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether a part is
    /// in.</exception>
    /// <exception cref="CoordException">A part is not in; <see cref="GetStateAsync"/> tells how many are.</exception>
    public async ValueTask AddStockAsync(long units, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        for (var i = 0; i < shards.Length; i++)
        {
            var part = (units / shards.Length) + (i < units % shards.Length ? 1 : 0);
            await shards[i].TryAddStockAsync(part, ct).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="ReservationCounter.TryReserveAsync"/>, on the first root that has enough.</summary>
    /// <param name="quantity">How many, at least 1.</param>
    /// <param name="ct">Cancels; nothing stays set aside.</param>
    /// <returns>The reservation, or null when no root has as many free.</returns>
    /// <exception cref="ReservationLimitException">Every root that was not too empty is full.</exception>
    /// <exception cref="CoordException">As there.</exception>
    public async ValueTask<Reservation?> TryReserveAsync(long quantity, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        ReservationLimitException? full = null;
        var first = Random.Shared.Next(shards.Length);
        for (var i = 0; i < shards.Length; i++)
        {
            try
            {
                if (await shards[(first + i) % shards.Length].TryReserveAsync(quantity, ct).ConfigureAwait(false)
                    is { } reservation)
                    return reservation;
            }
            catch (ReservationLimitException e)
            {
                full = e;
            }
        }

        return full is null ? null : throw full;
    }
}
