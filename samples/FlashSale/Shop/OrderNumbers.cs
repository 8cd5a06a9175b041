using Coord.Client;
using Coord.Client.Recipes;

namespace FlashSale.Shop;

/// <summary>
/// Order numbers, unique in the shop: one step of a counter reserves a block, numbers inside it are handed out without
/// asking. A block whose reservation stayed in doubt is left unused: gaps are harmless, a number given twice is not.
/// </summary>
internal sealed class OrderNumbers(ICoordClient coord)
{
    private const int BlockSize = 100;

    private readonly DistributedCounter _last = new(coord, ShopPaths.OrderNumbers);
    private long _next;
    private long _end;

    public async Task<long> NextAsync(CancellationToken ct)
    {
        while (_next >= _end)
        {
            try
            {
                var last = await _last.AddAsync(BlockSize, ct);
                (_next, _end) = (last - BlockSize + 1, last + 1);
            }
            catch (CoordException e) when (Retries.CanHelp(e, ct))
            {
                Retries.Note("order numbers", e);   // In doubt or not done: the next block is another one.
            }
        }

        return _next++;
    }
}
