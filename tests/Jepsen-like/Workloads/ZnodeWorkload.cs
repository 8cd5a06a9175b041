using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Workloads;

/// <summary>Registers, counters, locks and watches in one history: zxids order all of it.</summary>
internal sealed class ZnodeWorkload(WorkloadContext context, ZnodeClients clients) : IWorkload
{
    private const int ChildWriters = 2;

    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(50);

    // Those of parents and children: what each keeps.
    private static readonly WatchList?[] ChildWatches = [null, null, WatchList.Persistent, WatchList.Recursive];

    public async Task PrepareAsync(SessionClient session)
    {
        var parents = Enumerable.Range(0, ZnodeKeys.Parents).Select(number => ZnodeKeys.Parent(context.Root, number));
        foreach (var path in ZnodeKeys.Lasting(context.Root).Concat(parents))
        {
            var reply = await session.CreateAsync(path, Wire.Datum(amount: 0, tag: 0));
            if (reply.Error != 0)
                throw new InvalidOperationException($"create {path}: error {reply.Error}");
        }
    }

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        var seed = unchecked(context.Seed * 1009);
        if (clients.HasFlag(ZnodeClients.Registers) || clients.HasFlag(ZnodeClients.Counters))
        {
            for (var i = 0; i < context.Clients; i++)
                yield return new RegisterClient(context, clients, Store(context.NewSession(i)), seed++).RunAsync;
        }

        for (var i = 0; i < RunOptions.LockClients && clients.HasFlag(ZnodeClients.Locks); i++)
            yield return new LockClient(context, seed++).RunAsync;

        for (var i = 0; i < RunOptions.WatchClients && clients.HasFlag(ZnodeClients.Watches); i++)
            yield return new WatchClient(context, context.NewSession(i), seed++).RunAsync;

        for (var i = 0; i < ChildWriters && clients.HasFlag(ZnodeClients.Watches); i++)
            yield return new ChildWriter(context, WorkloadClient.Lasting(context, i, seed++)).RunAsync;

        for (var i = 0; i < ChildWatches.Length && clients.HasFlag(ZnodeClients.Watches); i++)
            yield return ChildWatcher.Make(context, i, seed++, ChildWatches[i]).RunAsync;
    }

    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        var reader = new RegisterClient(context, clients, Store(session), seed: 0);
        foreach (var key in ZnodeKeys.Lasting(context.Root).Where(IsUsed))
            await reader.ReadAsync(key);
        for (var i = 0; i < ZnodeKeys.Locks && clients.HasFlag(ZnodeClients.Locks); i++)
            await ReadUntilFreeAsync(reader, ZnodeKeys.Lock(context.Root, i), cancel);
    }

    private ZnodeStore Store(SessionClient session) => new(session, () => context.Recorder.Now);

    private bool IsUsed(string key) => clients.HasFlag(
        key.Contains(HistoryChecker.CounterMark, StringComparison.Ordinal)
            ? ZnodeClients.Counters : ZnodeClients.Registers);

    /// <summary>Every session that took locks has ended by now, or does so within its timeout.</summary>
    private static async Task ReadUntilFreeAsync(RegisterClient reader, string key, CancellationToken cancel)
    {
        while ((await reader.ReadAsync(key)).Error != Operation.NoNode)
            await Task.Delay(LockPollInterval, cancel);
    }
}
