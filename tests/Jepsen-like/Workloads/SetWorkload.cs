using System.Globalization;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Sets of numbers, a child for each. Elements are only ever added; a set that is large enough is left alone, and the
/// next one begun.
/// </summary>
internal sealed class SetWorkload(WorkloadContext context) : IWorkload
{
    private const int ElementsMax = 500;
    private const int ReadsPerHundred = 8;

    private int adds;

    public Task PrepareAsync(SessionClient session) => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients() => Enumerable.Range(0, context.Clients)
        .Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(context, number, seed: unchecked((context.Seed * 1019) + number));
            return stop => client.RunAsync(() => StepAsync(client), stop);
        });

    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        var client = WorkloadClient.Of(context, session);
        for (var set = 0; set <= adds / ElementsMax; set++)
            await ReadAsync(client, Path(set));
    }

    private string Path(int set) => $"{context.Root}/set-{set}";

    private async Task StepAsync(WorkloadClient client)
    {
        if (client.Random.Next(100) < ReadsPerHundred)
        {
            var last = Volatile.Read(ref adds) / ElementsMax;
            await ReadAsync(client, Path(Math.Max(0, last - client.Random.Next(2))));
            return;
        }

        // Counted when it is tried, so that a set in which nothing succeeds is left too.
        var set = Path(Interlocked.Increment(ref adds) / ElementsMax);
        var call = client.Begin(OperationKind.Create, set) with { Tag = client.Recorder.NewTag() };
        var path = string.Create(CultureInfo.InvariantCulture, $"{set}/e-{call.Tag}");
        var reply = (await client.AskAsync(call,
            xid => Wire.CreateRequest(xid, path, [], CreateMode.Persistent)))[0];
        client.Record(client.Done(call, reply));
        if (reply.Error == Operation.NoNode)
            await client.Session.CreateAsync(set, []);
    }

    private static Task<int> ReadAsync(WorkloadClient client, string set) =>
        Children.ReadTagsAsync(client, set, name => long.Parse(name.AsSpan(name.IndexOf('-') + 1)));
}
