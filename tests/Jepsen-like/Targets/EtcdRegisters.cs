using System.Net;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>The workloads register and counter on etcd.</summary>
internal sealed class EtcdRegisters(WorkloadContext context, ZnodeClients kinds) : ILoad, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<EtcdClient> clients = [];

    private IEnumerable<string> Keys => kinds == ZnodeClients.Counters
        ? Enumerable.Range(0, ZnodeKeys.Counters).Select(number => ZnodeKeys.Counter(context.Root, number))
        : Enumerable.Range(0, ZnodeKeys.Registers).Select(number => ZnodeKeys.Register(context.Root, number));

    public static ILoad Registers(WorkloadContext context) => new EtcdRegisters(context, ZnodeClients.Registers);

    public static ILoad Counters(WorkloadContext context) => new EtcdRegisters(context, ZnodeClients.Counters);

    public async Task PrepareAsync(CancellationToken cancel)
    {
        using var client = new EtcdClient(Outside(context.Cluster.Nodes), firstNode: 1, Patience);
        if (!await client.TryConnectAsync())
            throw new ConnectionLostException("the first node takes no connection");
        foreach (var key in Keys)
        {
            if (!(await client.PutIfAsync(key, version: 0, EtcdStore.Value(amount: 0, tag: 0))).IsDone)
                throw new InvalidOperationException($"{key} is there already");
        }
    }

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        var seed = unchecked(context.Seed * 1009);
        for (var i = 0; i < context.Clients; i++)
        {
            var first = (i % context.Cluster.Nodes.Count) + 1;
            var client = new EtcdClient(context.Cluster.Clients.ViewOf(i), first, context.Options.ReplyTimeout);
            clients.Add(client);
            yield return new RegisterClient(context, kinds, Store(client), seed++).RunAsync;
        }
    }

    public async Task FinishAsync(int node, CancellationToken cancel)
    {
        using var client = new EtcdClient(Outside([context.Cluster.Nodes[node - 1]]), firstNode: 1, Patience);
        if (!await client.TryConnectAsync())
            throw new ConnectionLostException($"node {node} takes no connection");
        var reader = new RegisterClient(context, kinds, Store(client), seed: 0);
        foreach (var key in Keys)
            await reader.ReadAsync(key);
    }

    public void Dispose() => clients.ForEach(client => client.Dispose());

    /// <summary>Nodes as this process has them, which no fault keeps from them.</summary>
    private static ClientView Outside(IReadOnlyList<IPEndPoint> nodes) => new(nodes, ClientView.OwnSocket);

    private EtcdStore Store(EtcdClient client) => new(client, () => context.Recorder.Now);
}
