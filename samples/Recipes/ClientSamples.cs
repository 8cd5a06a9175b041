using System.Buffers.Binary;
using Coord.Client;
using Coord.Protocol;

namespace Recipes;

internal static class ClientSamples
{
    public static async Task<CoordSession> ConnectAsync(CancellationToken ct)
    {
        await using var coord = new CoordClient(
            "coords://me:secret@10.0.0.1,10.0.0.2,10.0.0.3/shop?tlsCa=authority.pem&sessionTimeout=20s");
        return await coord.ConnectAsync(ct);
    }

    public static async Task<string> WriteTogetherAsync(ICoordClient coord, byte[] bytes, CancellationToken ct)
    {
        var results = await coord.CreateMulti()
            .Check("/orders/42", version: 3)
            .Set("/stock/9", bytes, version: 17)
            .Create("/outbox/m-", bytes, CreateMode.PersistentSequential)
            .ExactlyOnce()
            .CommitAsync(ct);
        return results[2].Path;
    }

    public static async Task<bool> OrderAsync(ICoordClient coord, int quantity, string orderId, byte[] order)
    {
        var accepted = await coord.TransactAsync(async (tx, ct) =>
        {
            var stock = await tx.GetAsync("/stock/9", ct);
            var left = BinaryPrimitives.ReadInt64BigEndian(stock.Bytes.Span) - quantity;
            if (left < 0)
                return false;
            tx.Set("/stock/9", Int64Bytes(left));
            tx.Create($"/orders/{orderId}", order);
            return true;
        });
        return accepted;
    }

    public static async Task FollowServicesAsync(ICoordClient coord, CancellationToken ct)
    {
        await using var services = new TreeCache(coord, "/services");
        await services.LoadedAsync(ct);                                  // first complete picture
        var znode = services["/services/payment/7"];                     // from memory
        Console.WriteLine(znode is null ? "no such instance" : $"{znode.Bytes.Length} bytes");
        await foreach (var change in services.ChangesAsync(ct))          // Added, Changed, Removed; old and new
            Console.WriteLine($"{change.Kind} {change.Path}");
    }

    private static byte[] Int64Bytes(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
