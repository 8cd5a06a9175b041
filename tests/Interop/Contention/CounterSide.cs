using Coord.Client.Recipes;

namespace Coord.Interop.Contention;

/// <summary>
/// Coord.Client's side of a number that both add to: workers that add, where the server can by one request, and one
/// that sets what it read.
/// </summary>
internal static class CounterSide
{
    /// <summary>Adds one at a time until the other side has had enough.</summary>
    /// <returns>The results of all additions, by worker.</returns>
    public static Task<IReadOnlyList<long>[]> RunAsync(string root, CancellationToken ct) => Task.WhenAll(
        WorkAsync(root, AddAsync, ct), WorkAsync(root, AddAsync, ct), WorkAsync(root, CompareAndSetAsync, ct));

    private static async Task<IReadOnlyList<long>> WorkAsync(
        string root, Func<DistributedCounter, CancellationToken, Task<long>> add, CancellationToken ct)
    {
        await using var coord = CoordSide.Connect();
        var counter = new DistributedCounter(coord, $"{root}/number");
        var results = new List<long>();
        while (await coord.ExistsAsync($"{root}/enough", ct: ct) is null)
            results.Add(await add(counter, ct));
        return results;
    }

    private static async Task<long> AddAsync(DistributedCounter counter, CancellationToken ct) =>
        await counter.AddAsync(1, ct);

    private static async Task<long> CompareAndSetAsync(DistributedCounter counter, CancellationToken ct)
    {
        while (true)
        {
            var expected = await counter.GetAsync(ct);
            if (await counter.CompareAndSetAsync(expected, expected + 1, ct))
                return expected + 1;
        }
    }
}
