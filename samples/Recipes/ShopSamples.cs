using System.Globalization;
using Coord.Client;
using Coord.Client.Recipes;
using Coord.Protocol;

namespace Recipes;

/// <summary>The cases of a shop (docs/use/which-recipe.md).</summary>
internal static class ShopSamples
{
    public static async Task ChangeCartAsync(
        ICoordClient coord, string cart, Func<long, CancellationToken, Task> change, CancellationToken ct)
    {
        var mutex = new DistributedMutex(coord, $"/carts/{cart}/lock");
        await using var held = await mutex.AcquireAsync(TimeSpan.FromSeconds(2), ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, held.LostToken);
        await change(held.Token.Value, stop.Token);   // the database refuses a smaller token than it has seen
    }

    public static async Task<long?> PlaceOrderAsync(
        ICoordClient coord, BlockIdGenerator numbers, string cart, byte[] orderWithTicket, CancellationToken ct)
    {
        var number = await numbers.NextAsync(ct);
        var isPlaced = await coord.TransactAsync<bool>(
            async (tx, stop) =>
            {
                if (await tx.TryGetAsync($"/carts/{cart}/open", stop) is null)
                    return false;                                                     // ordered already
                tx.Delete($"/carts/{cart}/open");
                tx.Create($"/orders/{number}", orderWithTicket);
                tx.Create("/outbox/m-", orderWithTicket, CreateMode.PersistentSequential);
                return true;
            },
            ct: ct);
        return isPlaced ? number : null;
    }

    public static async Task<bool> MayLogInAsync(ICoordClient coord, string account, CancellationToken ct)
    {
        var attempt = new CreateOptions
        {
            Mode = CreateMode.PersistentSequentialWithTtl, Ttl = TimeSpan.FromMinutes(1),
            Parents = CreateParents.Container,
        };
        await coord.CreateAsync($"/logins/{account}/a-", options: attempt, ct: ct);
        var attempts = await coord.GetChildrenAsync($"/logins/{account}", ReadOptions.Linearizable, ct);
        return attempts.Names.Count <= 5;
    }

    public static async Task QueryAsync(
        ICoordClient coord, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        var connections = new DistributedSemaphore(coord, "/limits/orders-database", limit: 40);
        await using var permits = await connections.AcquireAsync(permits: 10, ct: ct);   // at start, for the process
        await work(permits.LostToken);
    }

    public static async Task CloseDayAsync(
        ICoordClient coord, DateOnly day, Func<long, CancellationToken, Task> run, CancellationToken ct)
    {
        var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var job = new DistributedMutex(coord, "/jobs/close-day/lock", new MutexOptions { Note = name });
        await using var held = await job.TryAcquireAsync(ct: ct);
        var done = $"/jobs/close-day/done/{name}";
        if (held is null || await coord.ExistsAsync(done, ReadOptions.Linearizable, ct) is not null)
            return;                                                   // another process is at it, or has been
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, held.LostToken);
        await run(held.Token.Value, stop.Token);
        await held.CreateMulti().Create(done).CommitAsync(ct);
    }
}
