using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Workloads;

/// <summary>Ephemeral znodes that come and go in all ways there are, and reads of which there are.</summary>
internal sealed class EphemeralWorkload(WorkloadContext context) : IWorkload
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private long finishing;

    public Task PrepareAsync(SessionClient session) =>
        ClientWorkload.CreateAsync(session, [EphemeralClient.Parent(context.Root)]);

    public IEnumerable<Func<CancellationToken, Task>> Clients() =>
    [
        .. Enumerable.Range(0, context.Clients).Select<int, Func<CancellationToken, Task>>(number =>
            new EphemeralClient(context, unchecked((context.Seed * 1049) + number)).RunAsync),
        stop => CalmProbe.RunAsync(context, stop),
    ];

    /// <summary>Reads until all are gone, or ought to be.</summary>
    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        if (finishing == 0)
            finishing = context.Recorder.Now;
        var patience = CalmPeriods.LastsMax(
            context.Options.MostTimeoutMs(EphemeralClient.SessionTimeoutMs)) + (2 * PollInterval.TotalNanoseconds);
        var client = WorkloadClient.Of(context, session);
        while (true)
        {
            await CalmProbe.AskAsync(context);
            var left = await EphemeralClient.ReadAsync(client, context.Root);
            await CalmProbe.AskAsync(context);
            if (left == 0 || context.Recorder.Now - finishing > patience)
                return;
            await Task.Delay(PollInterval, cancel);
        }
    }
}
