using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class ReservationSamples
{
    public static async Task<bool> BuyAsync(
        ReservationCounter stock, Func<CancellationToken, Task> pay, CancellationToken ct)
    {
        await using var units = await stock.TryReserveAsync(2, ct);
        if (units is null)
            return false;                // sold out, or set aside for others
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, units.LostToken);
        await pay(stop.Token);           // when this throws, the units go back
        await units.CommitAsync(ct);
        return true;
    }

    public static async Task<string?> CheckOutAsync(ICoordClient coord, CancellationToken ct)
    {
        var stock = new ReservationCounter(coord, "/stock/9");
        var units = await stock.TryReserveDurablyAsync(2, expiry: TimeSpan.FromMinutes(15), ct);
        return units?.Ticket;            // into the cart: whichever process takes the payment resumes it
    }

    public static async Task PaidAsync(ICoordClient coord, string ticket, CancellationToken ct)
    {
        var stock = new ReservationCounter(coord, "/stock/9");
        await stock.Resume(ticket).CommitAsync(ct);
    }

    public static async Task SellFastAsync(ICoordClient coord, CancellationToken ct)
    {
        var stock = ReservationCounter.Sharded(coord, "/stock/hot", shards: 8);
        await stock.AddStockAsync(100_000, ct);
    }
}
