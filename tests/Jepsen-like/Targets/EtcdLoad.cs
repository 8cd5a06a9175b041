using System.Net;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>A workload on etcd whose clients are all of one sort.</summary>
/// <param name="context">Of the workload.</param>
/// <param name="values">Keys that there are in the beginning, with their values.</param>
/// <param name="client">What a client does until it is told to stop.</param>
/// <param name="finish">Final reads, by a client of one node.</param>
internal sealed class EtcdLoad(
    WorkloadContext context,
    IReadOnlyDictionary<string, string> values,
    Func<EtcdWorker, CancellationToken, Task> client,
    Func<EtcdWorker, CancellationToken, Task> finish) : ILoad
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task PrepareAsync(CancellationToken cancel)
    {
        using var outside = await OutsideAsync(context.Cluster.Nodes[0]);
        foreach (var (key, value) in values)
        {
            if (!(await outside.PutIfAsync(key, version: 0, value)).IsDone)
                throw new InvalidOperationException($"{key} is there already");
        }
    }

    public IEnumerable<Func<CancellationToken, Task>> Clients() => Enumerable.Range(0, context.Clients)
        .Select<int, Func<CancellationToken, Task>>(number => async stop =>
        {
            var first = (number % context.Cluster.Nodes.Count) + 1;
            using var connection = new EtcdClient(
                context.Cluster.Clients.ViewOf(number), first, RunOptions.ReplyTimeout);
            await client(new EtcdWorker(context, connection, unchecked((context.Seed * 1009) + number)), stop);
        });

    public async Task FinishAsync(int node, CancellationToken cancel)
    {
        using var outside = await OutsideAsync(context.Cluster.Nodes[node - 1]);
        await finish(new EtcdWorker(context, outside, seed: 0), cancel);
    }

    /// <summary>At a node as this process has it, which no fault keeps from it.</summary>
    private static async Task<EtcdClient> OutsideAsync(IPEndPoint node)
    {
        var outside = new EtcdClient(new ClientView([node], ClientView.OwnSocket), firstNode: 1, Patience);
        if (await outside.TryConnectAsync())
            return outside;
        outside.Dispose();
        throw new ConnectionLostException($"{node} takes no connection");
    }
}
