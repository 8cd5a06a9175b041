using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Workloads;

/// <summary>A workload on a target that speaks ZooKeeper's protocol.</summary>
internal sealed class ZnodeLoad(IWorkload workload, WorkloadContext context) : ILoad
{
    private static readonly TimeSpan ReplyPatience = TimeSpan.FromSeconds(30);

    public async Task PrepareAsync(CancellationToken cancel)
    {
        using var session = new SessionClient(context.Cluster.Nodes, firstNode: 1, ReplyPatience);
        await session.ConnectAsync(cancel);
        // The first workload of a run creates what lies above all of them.
        await session.CreateAsync(WorkloadContext.Roots, []);
        await session.CreateAsync(context.Root, []);
        await workload.PrepareAsync(session);
        await session.CloseAsync();
    }

    public IEnumerable<Func<CancellationToken, Task>> Clients() => workload.Clients();

    public async Task FinishAsync(int node, CancellationToken cancel)
    {
        using var session = new SessionClient([context.Cluster.Nodes[node - 1]], firstNode: 1, ReplyPatience);
        await session.ConnectAsync(cancel);
        await workload.FinishAsync(session, cancel);
    }
}
