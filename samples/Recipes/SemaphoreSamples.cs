using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class SemaphoreSamples
{
    public static async Task ExportAsync(
        ICoordClient coord, Func<CancellationToken, Task> export, CancellationToken ct)
    {
        var exports = new DistributedSemaphore(coord, "/limits/exports", limit: 3);

        await using var permit = await exports.AcquireAsync(timeout: TimeSpan.FromMinutes(1), ct: ct);
        await export(permit.LostToken);
    }

    public static async Task RaiseAsync(DistributedSemaphore exports, CancellationToken ct)
    {
        await exports.SetLimitAsync(5, ct);   // for everyone, also those who wait
        var state = await exports.GetStateAsync(ct);
        Console.WriteLine($"{state.Free} of {state.Limit} free, {state.Waiting.Count} waiting");
    }
}
