using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class MultiLockSamples
{
    public static async Task TransferAsync(
        ICoordClient coord, Func<long, long, CancellationToken, Task> transfer, CancellationToken ct)
    {
        var both = new DistributedMultiLock(
        [
            new DistributedMutex(coord, "/locks/account-7"),
            new DistributedMutex(coord, "/locks/account-9"),
        ]);

        await using var held = await both.AcquireAsync(TimeSpan.FromSeconds(5), ct);
        await transfer(held.Tokens["/locks/account-7"].Value, held.Tokens["/locks/account-9"].Value, held.LostToken);
    }

    public static async Task ReportOnceAsync(
        ICoordClient coord, Func<long, CancellationToken, Task> report, CancellationToken ct)
    {
        var nightly = new SingleZnodeLock(coord, "/locks/nightly-report");

        await using var held = await nightly.TryAcquireAsync(ct: ct);
        if (held is not null)
            await report(held.Token.Value, held.LostToken);
    }
}
