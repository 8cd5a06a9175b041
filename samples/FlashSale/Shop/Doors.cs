using Coord.Client;

namespace FlashSale.Shop;

/// <summary>The sign at the doors, as one seller sees it: kept current by a watch.</summary>
internal sealed class Doors(ICoordClient coord)
{
    public async Task<DoorSign> ReadAsync(CancellationToken ct) =>
        DoorSign.Decode((await coord.GetAsync(ShopPaths.Doors, ct: ct)).Bytes.Span);

    /// <summary>Waits until the sign says something new.</summary>
    public async Task<DoorSign> NextAfterAsync(DoorSign seen, CancellationToken ct)
    {
        var znode = await coord.WaitUntilAsync(
            ShopPaths.Doors, z => z is not null && DoorSign.Decode(z.Bytes.Span) != seen, ct);
        return DoorSign.Decode(znode!.Bytes.Span);
    }
}
