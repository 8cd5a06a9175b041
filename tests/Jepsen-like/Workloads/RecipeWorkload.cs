using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Workloads;

/// <summary>Clients that hold locks or semaphores by turns, a few at each, and write what it guards.</summary>
internal sealed class RecipeWorkload(WorkloadContext context, RecipeKind kind) : IWorkload
{
    /// <summary>Holders of the semaphore.</summary>
    public const int Permits = 3;

    // More contend for one than can ever hold it at once.
    private const int ClientsPerLock = 4;

    private IEnumerable<string> Locks => Enumerable.Range(0, Math.Max(1, context.Clients / ClientsPerLock))
        .Select(number => $"{context.Root}/lock-{number}");

    public Task PrepareAsync(SessionClient session) => ClientWorkload.CreateAsync(session,
        Locks.SelectMany(path => new[] { path, RecipeClient.Queue(path), RecipeClient.Guarded(path) }));

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        string[] locks = [.. Locks];
        return Enumerable.Range(0, context.Clients).Select<int, Func<CancellationToken, Task>>(number =>
            new RecipeClient(context, kind, locks[number % locks.Length],
                unchecked((context.Seed * 1039) + number)).RunAsync);
    }

    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        var client = WorkloadClient.Of(context, session);
        foreach (var path in Locks)
            await Children.ReadNumbersAsync(client, RecipeClient.Queue(path));
    }
}
