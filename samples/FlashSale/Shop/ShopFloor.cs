using Coord.Client;
using Coord.Client.Recipes;

namespace FlashSale.Shop;

/// <summary>What only the house does: fill the shelves, write the sign, settle what stayed in doubt.</summary>
internal sealed class ShopFloor : IAsyncDisposable
{
    private readonly CoordClient _coord;
    private readonly DistributedCounter _stock;

    private ShopFloor(CoordClient coord, DoorSign sign)
    {
        _coord = coord;
        _stock = new DistributedCounter(coord, ShopPaths.Stock);
        Sign = sign;
    }

    public DoorSign Sign { get; private set; }

    /// <summary>Fills an empty shop with so many units, of which some are held back at first.</summary>
    public static async Task<ShopFloor> OpenAsync(string hosts, int units, int reserveUnits, CancellationToken ct)
    {
        var floor = new ShopFloor(new CoordClient(hosts), new DoorSign(true, reserveUnits, 1));
        foreach (var path in new[] { ShopPaths.Root, ShopPaths.Orders })
            await floor._coord.CreateAsync(path, ct: ct);
        await floor._coord.CreateAsync(ShopPaths.Book, BookHead.Empty.Encode(), ct: ct);
        await floor._stock.AddAsync(units, ct);
        await floor._coord.CreateAsync(ShopPaths.Doors, floor.Sign.Encode(), ct: ct);
        return floor;
    }

    public Task ReleaseReserveAsync(CancellationToken ct) =>
        WriteSignAsync(Sign with { ReserveUnits = 0, Call = Sign.Call + 1 }, ct);

    public Task CloseAsync(CancellationToken ct) =>
        WriteSignAsync(Sign with { IsOpen = false, Call = Sign.Call + 1 }, ct);

    /// <summary>
    /// Compares stock and book while no seller has a unit in hand. What is in neither was taken by an attempt whose
    /// outcome stayed unknown: it goes back into stock, and the sellers are called again.
    /// </summary>
    /// <returns>How many units were returned.</returns>
    public async Task<long> ReturnLostUnitsAsync(int units, CancellationToken ct)
    {
        await _coord.SyncAsync(ShopPaths.Root, ct);
        var book = BookHead.Decode((await _coord.GetAsync(ShopPaths.Book, ct: ct)).Bytes.Span);
        var lost = units - book.Orders - await _stock.GetAsync(ct);
        if (lost < 0)
            throw new SaleException($"The book holds {-lost} orders more than there were units.");
        if (lost > 0)
        {
            await _stock.AddAsync(lost, ct);
            await WriteSignAsync(Sign with { Call = Sign.Call + 1 }, ct);
        }

        return lost;
    }

    public ValueTask DisposeAsync() => _coord.DisposeAsync();

    // Only the house writes the sign, so writing the same words twice is harmless.
    private async Task WriteSignAsync(DoorSign sign, CancellationToken ct)
    {
        await _coord.SetAsync(ShopPaths.Doors, sign.Encode(), new SetOptions { Repeatable = true }, ct);
        Sign = sign;
    }
}
