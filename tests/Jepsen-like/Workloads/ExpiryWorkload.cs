using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Sessions that fall silent for a while, with or without their connection, and then ask whether they are still there.
/// </summary>
internal sealed class ExpiryWorkload(WorkloadContext context) : IWorkload
{
    private const int SessionTimeoutMs = 4_000;

    // Each spends its time in silence, which costs nothing, and says something once in five seconds or so.
    private const int SilentClients = 128;

    public Task PrepareAsync(SessionClient session) => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients() =>
    [
        .. Enumerable.Range(0, SilentClients).Select<int, Func<CancellationToken, Task>>(number =>
            stop => RunAsync(unchecked((context.Seed * 1051) + number), stop)),
        stop => CalmProbe.RunAsync(context, stop),
    ];

    public Task FinishAsync(SessionClient session, CancellationToken cancel) => Task.CompletedTask;

    private async Task RunAsync(int seed, CancellationToken stop)
    {
        var client = WorkloadClient.Passing(context, SessionTimeoutMs, seed);
        var state = new SilentSession(client);
        client.OnExpired = state.Expired;
        client.OnUnanswered = state.Tried;
        var most = CalmPeriods.LastsMax(context.Options.MostTimeoutMs(SessionTimeoutMs));
        await client.RunAsync(() => state.StepAsync(Silence(client.Random, most), stop), stop);
        await client.TryAsync(client.CloseAsync);
        client.Dispose();
    }

    /// <summary>Well within the timeout, about it, or so long that nothing excuses it.</summary>
    private static TimeSpan Silence(Random random, long mostNs) => TimeSpan.FromMilliseconds(random.Next(10) switch
    {
        < 4 => SessionTimeoutMs * random.Next(20, 95) / 100,
        < 9 => SessionTimeoutMs * random.Next(95, 170) / 100,
        _ => (mostNs / 1_000_000) + random.Next(500, 1500),
    });
}
