using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class ReadWriteLockSamples
{
    public static async Task ReadAsync(ICoordClient coord, Func<CancellationToken, Task> read, CancellationToken ct)
    {
        var catalogue = new DistributedReadWriteLock(coord, "/locks/catalogue");

        await using var reading = await catalogue.AcquireReadAsync(TimeSpan.FromSeconds(5), ct);
        await read(reading.LostToken);
    }

    public static async Task PublishAndCheckAsync(
        DistributedReadWriteLock catalogue, Func<long, Task> publish, Func<CancellationToken, Task> check,
        CancellationToken ct)
    {
        await using var writing = await catalogue.AcquireWriteAsync(ct: ct);
        await publish(writing.Token.Value);
        await writing.DowngradeAsync(ct);   // readers enter, no writer was in between
        await check(writing.LostToken);
    }
}
