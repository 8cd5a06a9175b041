using Coord.Client;
using Coord.Client.Recipes;
using FlashSale.Shop;

namespace FlashSale.Auditing;

/// <summary>Reads the cluster's side of the books.</summary>
internal sealed class TreeReader(ICoordClient coord)
{
    private const int ReadsInFlight = 256;

    public async Task<(long StockLeft, BookHead Book, IReadOnlyList<Order> Orders)> ReadAsync(CancellationToken ct)
    {
        await coord.SyncAsync(ShopPaths.Root, ct);   // What follows includes every acknowledged write.
        var stock = await new DistributedCounter(coord, ShopPaths.Stock).GetAsync(ct);
        var book = BookHead.Decode((await coord.GetAsync(ShopPaths.Book, ct: ct)).Bytes.Span);
        var children = await coord.GetChildrenAsync(ShopPaths.Orders, ct: ct);
        var orders = new List<Order>();
        foreach (var names in children.Names.Chunk(ReadsInFlight))
            orders.AddRange(await Task.WhenAll(names.Select(name => ReadOrderAsync(long.Parse(name), ct))));
        return (stock, book, orders);
    }

    private async Task<Order> ReadOrderAsync(long number, CancellationToken ct)
    {
        var znode = await coord.GetAsync(ShopPaths.Order(number), ct: ct);
        return Order.Decode(number, znode.Bytes.Span, znode.Stat.Czxid);
    }
}
