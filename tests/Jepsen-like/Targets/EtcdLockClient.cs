using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// A client that takes and releases locks on etcd: keys that a transaction makes where there is none, each bound to a
/// lease. The lease is its session: never kept alive, so its contact is its grant; it ends by being revoked, or in its
/// time. etcd promises no order between requests of a client, so that a lease with an unknown outcome is left.
/// </summary>
internal sealed class EtcdLockClient(WorkloadContext context, EtcdWorker worker)
{
    private const int LeaseSeconds = 4;

    /// <summary>What a client does with one lease fits in a small part of its time.</summary>
    private static readonly TimeSpan UsedFor = TimeSpan.FromSeconds(LeaseSeconds / 2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private long lease;
    private long granted;
    private int timeoutMs;

    public static ILoad Load(WorkloadContext context) => new EtcdLoad(context, new Dictionary<string, string>(),
        (worker, stop) => new EtcdLockClient(context, worker).RunAsync(stop),
        (worker, cancel) => ReadUntilFreeAsync(context, worker, cancel));

    private async Task RunAsync(CancellationToken stop)
    {
        worker.OnLost = Leave;
        await worker.RunAsync(StepAsync, stop);
        Leave();
    }

    private async Task StepAsync()
    {
        if (lease != 0 && worker.Recorder.Now - granted > UsedFor.TotalNanoseconds)
            Leave();
        if (lease == 0)
            await GrantAsync();

        var key = ZnodeKeys.Lock(context.Root, worker.Random.Next(ZnodeKeys.Locks));
        var call = worker.Begin(OperationKind.CreateEphemeral, key) with { Tag = worker.Recorder.NewTag() };
        var taken = await worker.AskAsync(call,
            worker.Client.CreateAsync(key, EtcdStore.Value(amount: 0, call.Tag), lease));
        worker.Record(call, taken.Revision, taken.IsDone ? 0 : Operation.NodeExists);
        for (var i = taken.IsDone ? worker.Random.Next(4) : 1; i > 0; i--)
            await worker.ReadAsync(key);
        if (taken.IsDone)
            await ReleaseAsync(key, taken.Revision);
    }

    private Task ReleaseAsync(string key, long made) => worker.Random.Next(20) switch
    {
        0 => Task.Run(Leave),
        < 5 => RevokeAsync(),
        _ => DeleteAsync(key, made),
    };

    private async Task GrantAsync()
    {
        var asked = worker.Recorder.Now;
        var (id, seconds) = await worker.Client.GrantAsync(LeaseSeconds);
        (lease, granted, timeoutMs) = (id, asked, context.Options.LeastTimeoutMs((int)seconds * 1000));
        worker.Session = EtcdStore.NewSession();
    }

    /// <summary>Only what this lease has made: by now the lock may be somebody else's.</summary>
    private async Task DeleteAsync(string key, long made)
    {
        var call = worker.Begin(OperationKind.Delete, key);
        var gone = await worker.AskAsync(call, worker.Client.DeleteIfAsync(key, made));
        worker.Record(call, gone.Revision, gone.IsDone ? 0 : Operation.NoNode);
    }

    /// <summary>Ends the lease while it holds a lock, so that its end has a revision of its own.</summary>
    private async Task RevokeAsync()
    {
        var call = worker.Begin(OperationKind.CloseSession, key: "");
        worker.Record(call, await worker.AskAsync(call, worker.Client.RevokeAsync(lease)));
        lease = 0;
    }

    /// <summary>Lets the lease end in its time.</summary>
    private void Leave()
    {
        if (lease == 0)
            return;

        worker.Recorder.Add(worker.Begin(OperationKind.LoseSession, key: "") with
        {
            Invoked = granted, Amount = timeoutMs,
        });
        lease = 0;
    }

    private static async Task ReadUntilFreeAsync(WorkloadContext context, EtcdWorker worker, CancellationToken cancel)
    {
        for (var number = 0; number < ZnodeKeys.Locks; number++)
        {
            while ((await worker.ReadAsync(ZnodeKeys.Lock(context.Root, number))).Error != Operation.NoNode)
                await Task.Delay(PollInterval, cancel);
        }
    }
}
