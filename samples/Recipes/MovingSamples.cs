using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

/// <summary>Beside the code of other libraries (docs/use/coming-from-other-libraries.md).</summary>
internal static class MovingSamples
{
    public static async Task MakeAsync(byte[] data, CancellationToken ct)
    {
        await using var coord = new CoordClient("zk1:2181,zk2:2181,zk3:2181");
        var made = await coord.TryCreateAsync("/app/config", data, ct: ct);   // null: it was there already
        Console.WriteLine(made?.Path ?? "another process was quicker");
    }

    public static async Task TrySaveAsync(
        ICoordClient coord, Func<long, CancellationToken, Task> save, CancellationToken ct)
    {
        await using var handle = await new DistributedMutex(coord, "/locks/invoice-42")
            .TryAcquireAsync(TimeSpan.FromSeconds(5), ct);
        if (handle is not null)
            await save(handle.Token.Value, handle.LostToken);
    }
}
