using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class IdSamples
{
    public static async Task NumberAsync(ICoordClient coord, CancellationToken ct)
    {
        var tickets = new VersionCounter(coord, "/tickets/next");
        int ticket = await tickets.NextAsync(ct);      // 1, 2, 3 ... for all processes together

        var events = new ZxidSequence(coord, "/sequences/events");
        long position = await events.NextAsync(ct);    // larger than every number given before, in any sequence
        Console.WriteLine($"{ticket} {position}");
    }

    public static async Task<long> OrderNumberAsync(BlockIdGenerator orders, CancellationToken ct) =>
        await orders.NextAsync(ct);

    public static BlockIdGenerator OrderNumbers(ICoordClient coord)
    {
        // One per process: it keeps its block. Every process must ask for blocks of the same size.
        var orders = new BlockIdGenerator(coord, "/ids/orders", blockSize: 1000);
        return orders;
    }

    public static async Task MakeIdsAsync(ICoordClient coord, CancellationToken ct)
    {
        await using var worker = await WorkerId.AcquireAsync(coord, "/workers", range: 1024, ct: ct);
        var ids = new SnowflakeIds(worker);

        while (worker.IsHeld)
            Console.WriteLine(await ids.NextAsync(ct));
    }
}
