using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class UpgradeableLockSamples
{
    public static async Task CorrectAsync(
        ICoordClient coord, Func<CancellationToken, Task<bool>> isRight, Func<long, CancellationToken, Task> correct,
        CancellationToken ct)
    {
        var prices = new DistributedUpgradeableLock(coord, "/locks/prices");

        await using var reading = await prices.AcquireUpgradeableAsync(TimeSpan.FromSeconds(5), ct);
        if (await isRight(reading.LostToken))
            return;                                                        // others read meanwhile
        await using var writing = await reading.UpgradeAsync(TimeSpan.FromSeconds(5), ct);
        await correct(writing.Token.Value, writing.LostToken);             // what was read still stands
    }
}
