using Coord.Client;
using Coord.Client.Recipes;

namespace FlashSale.Shop;

/// <summary>Units left to sell: a counter that never goes below what the house holds back.</summary>
internal sealed class Stock(ICoordClient coord)
{
    private readonly DistributedCounter _left = new(coord, ShopPaths.Stock);

    /// <summary>Takes up to so many units, through any number of failovers.</summary>
    public async Task<Taking> TakeAsync(int wanted, int reserveUnits, CancellationToken ct)
    {
        while (wanted > 0)
        {
            try
            {
                var change = await _left.TryAddAsync(-wanted, min: reserveUnits, max: null, ct);
                if (change.Applied)
                    return new Taking(wanted, IsInDoubt: false);
                wanted = (int)Math.Clamp(change.Value - reserveUnits, 0, wanted - 1);
            }
            catch (CoordException e) when (Retries.CanHelp(e, ct))
            {
                Retries.Note("stock", e);
                if (e.Outcome == Outcome.Unknown)
                    return new Taking(wanted, IsInDoubt: true);
            }
        }

        return new Taking(0, IsInDoubt: false);
    }
}
