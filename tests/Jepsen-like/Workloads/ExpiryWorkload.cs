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

    // At the end, when nothing is hurt any more: beside faults hardly a node leads long enough to excuse nothing.
    private const int LastClients = 8;

    private bool isFinished;

    private long MostNs => CalmPeriods.LastsMax(context.Options.MostTimeoutMs(SessionTimeoutMs));

    public Task PrepareAsync(SessionClient session) => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients() =>
    [
        .. Enumerable.Range(0, SilentClients).Select<int, Func<CancellationToken, Task>>(number =>
            stop => RunAsync(unchecked((context.Seed * 1051) + number), stop)),
        stop => CalmProbe.RunAsync(context, stop),
    ];

    /// <summary>Some sessions fall silent for so long that they must be gone; once, not for each node.</summary>
    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        if (isFinished)
            return;
        isFinished = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var probing = CalmProbe.RunAsync(context, stop.Token);
        await Task.WhenAll(Enumerable.Range(0, LastClients).Select(number =>
            FallSilentAsync(unchecked((context.Seed * 1061) + number), stop.Token)));
        await stop.CancelAsync();
        await probing;
    }

    private async Task RunAsync(int seed, CancellationToken stop)
    {
        using var client = WorkloadClient.Passing(context, SessionTimeoutMs, seed);
        var state = Watched(client);
        await client.RunAsync(() => state.StepAsync(Silence(client.Random, MostNs), stop), stop);
        await client.TryAsync(client.CloseAsync);
    }

    private async Task FallSilentAsync(int seed, CancellationToken cancel)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var client = WorkloadClient.Passing(context, SessionTimeoutMs, seed);
        var state = Watched(client);
        var steps = 0;
        await client.RunAsync(
            async () =>
            {
                // By the second step it is known what became of the session.
                if (++steps == 2)
                    await done.CancelAsync();
                await state.StepAsync(VeryLong(client.Random, MostNs), done.Token);
            },
            done.Token);
    }

    private static SilentSession Watched(WorkloadClient client)
    {
        var state = new SilentSession(client);
        client.OnExpired = state.Expired;
        client.OnUnanswered = state.Tried;
        return state;
    }

    /// <summary>Well within the timeout, about it, or so long that nothing excuses it.</summary>
    private static TimeSpan Silence(Random random, long mostNs) => TimeSpan.FromMilliseconds(random.Next(10) switch
    {
        < 4 => SessionTimeoutMs * random.Next(20, 95) / 100,
        < 9 => SessionTimeoutMs * random.Next(95, 170) / 100,
        _ => VeryLong(random, mostNs).TotalMilliseconds,
    });

    private static TimeSpan VeryLong(Random random, long mostNs) =>
        TimeSpan.FromMilliseconds((mostNs / 1_000_000) + random.Next(500, 1500));
}
