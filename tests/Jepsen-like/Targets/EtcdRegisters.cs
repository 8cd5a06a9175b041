using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>The workloads register and counter on etcd.</summary>
internal static class EtcdRegisters
{
    public static ILoad Registers(WorkloadContext context) => Load(context, ZnodeClients.Registers,
        Enumerable.Range(0, ZnodeKeys.Registers).Select(number => ZnodeKeys.Register(context.Root, number)));

    public static ILoad Counters(WorkloadContext context) => Load(context, ZnodeClients.Counters,
        Enumerable.Range(0, ZnodeKeys.Counters).Select(number => ZnodeKeys.Counter(context.Root, number)));

    private static EtcdLoad Load(WorkloadContext context, ZnodeClients kinds, IEnumerable<string> keys)
    {
        string[] all = [.. keys];
        return new EtcdLoad(context, all.ToDictionary(key => key, _ => EtcdStore.Value(amount: 0, tag: 0)),
            (worker, stop) => new RegisterClient(context, kinds, worker.Store, worker.Random.Next()).RunAsync(stop),
            async (worker, _) =>
            {
                foreach (var key in all)
                    await worker.ReadAsync(key);
            });
    }
}
