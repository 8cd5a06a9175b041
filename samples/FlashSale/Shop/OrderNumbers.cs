using Coord.Client;
using Coord.Client.Recipes;

namespace FlashSale.Shop;

/// <summary>
/// Order numbers, unique in the shop, from blocks that each seller reserves. A block whose reservation stayed in doubt
/// is left unused: gaps are harmless, a number given twice is not.
/// </summary>
internal sealed class OrderNumbers(ICoordClient coord)
{
    private readonly BlockIdGenerator _numbers = new(coord, ShopPaths.OrderNumbers, blockSize: 100);

    public async Task<long> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await _numbers.NextAsync(ct);
            }
            catch (CoordException e) when (Retries.CanHelp(e, ct))
            {
                Retries.Note("order numbers", e);
            }
        }
    }
}
