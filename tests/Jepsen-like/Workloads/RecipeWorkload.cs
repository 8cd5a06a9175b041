using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Workloads;

/// <summary>Clients that hold a lock or a semaphore by turns, and write what it guards.</summary>
internal sealed class RecipeWorkload(WorkloadContext context, RecipeKind kind) : IWorkload
{
    /// <summary>Holders of the semaphore.</summary>
    public const int Permits = 3;

    public Task PrepareAsync(SessionClient session) =>
        ClientWorkload.CreateAsync(session, [RecipeClient.Queue(context.Root), RecipeClient.Guarded(context.Root)]);

    public IEnumerable<Func<CancellationToken, Task>> Clients() => Enumerable.Range(0, context.Clients)
        .Select<int, Func<CancellationToken, Task>>(number =>
            new RecipeClient(context, kind, unchecked((context.Seed * 1039) + number)).RunAsync);

    public Task FinishAsync(SessionClient session, CancellationToken cancel) =>
        Children.ReadNumbersAsync(WorkloadClient.Of(context, session), RecipeClient.Queue(context.Root));
}
