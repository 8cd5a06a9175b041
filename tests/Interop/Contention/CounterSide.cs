using System.Collections.Concurrent;
using System.Text;
using Coord.Client;
using Coord.Client.Recipes;

namespace Coord.Interop.Contention;

/// <summary>
/// Coord.Client's side of a number that both add to: workers that add, where the server can by one request, and one
/// that sets what it read.
/// </summary>
internal static class CounterSide
{
    /// <summary>Workers that add one at a time until there has been enough.</summary>
    /// <param name="root">Where the number is.</param>
    /// <param name="results">What all their additions came to.</param>
    /// <param name="ct">Ends them.</param>
    public static IEnumerable<Task> Add(string root, ConcurrentBag<long> results, CancellationToken ct) =>
    [
        WorkAsync(root, AddAsync, results, ct), WorkAsync(root, AddAsync, results, ct),
        WorkAsync(root, CompareAndSetAsync, results, ct),
    ];

    /// <returns>What the other side's additions came to.</returns>
    public static async Task<IReadOnlyList<long>> ReadTheirsAsync(ICoordClient coord, string root)
    {
        var found = await coord.GetAsync($"{root}/results", ReadOptions.Fresh);
        return [.. Encoding.UTF8.GetString(found.Bytes.Span).Split(' ').Select(word => long.Parse(word))];
    }

    private static async Task WorkAsync(
        string root, Func<DistributedCounter, CancellationToken, Task<long>> add, ConcurrentBag<long> results,
        CancellationToken ct)
    {
        await using var coord = CoordSide.Connect();
        var counter = new DistributedCounter(coord, $"{root}/number");
        while (await coord.ExistsAsync($"{root}/enough", ct: ct) is null)
            results.Add(await add(counter, ct));
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
