using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class CounterSamples
{
    public static async Task CountAsync(ICoordClient coord, CancellationToken ct)
    {
        var visits = new DistributedCounter(coord, "/counters/visits");
        long now = await visits.AddAsync(5, ct);
        bool swapped = await visits.CompareAndSetAsync(expected: now, next: 0, ct);
        Console.WriteLine(swapped ? "began again" : "somebody else was here");
    }

    public static async Task<bool> TakeOneAsync(ICoordClient coord, CancellationToken ct)
    {
        var left = new DistributedCounter(coord, "/stock/9");
        var change = await left.TryAddAsync(-1, min: 0, ct: ct);
        return change.Applied;   // change.Value: what is left, or what did not allow it
    }

    public static async Task<bool?> TellApartAsync(DistributedCounter left, CancellationToken ct)
    {
        try
        {
            return (await left.TryAddAsync(-1, min: 0, ct: ct)).Applied;
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            return null;   // perhaps counted, at most once: look into it, do not add again
        }
    }

    public static async Task SumUpAsync(ICoordClient coord, CancellationToken ct)
    {
        var views = new StripedCounter(coord, "/stats/views");
        await views.AddAsync(1, ct);
        Console.WriteLine($"{await views.SumAsync(ct)} views");
    }
}
