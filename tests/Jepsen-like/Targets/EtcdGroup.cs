using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// A group of registers that are keys of etcd: one transaction compares the versions of those that were read, and puts.
/// A transaction that puts nothing has no revision of its own, so one that only reads puts a mark beside the registers.
/// </summary>
internal sealed class EtcdGroup(EtcdWorker worker, string group) : IGroup
{
    public static ILoad Load(WorkloadContext context, GroupUse use)
    {
        var paths = use.Paths(context.Root);
        return new EtcdLoad(context,
            use.RegisterPaths(context.Root).ToDictionary(path => path, _ => EtcdStore.Value(use.Amount, tag: 0)),
            (worker, stop) => worker.RunAsync(() => use.StepAsync(
                worker.Random, new EtcdGroup(worker, paths[worker.Random.Next(paths.Length)])), stop),
            async (worker, _) =>
            {
                foreach (var path in paths)
                    await use.FinishAsync(new EtcdGroup(worker, path));
            });
    }

    public Task ReadAsync(int register) => worker.ReadAsync(GroupUse.PathOf(group, register));

    public async Task TransactAsync(IReadOnlyList<int> registers, IGroup.Writes writes)
    {
        var read = new List<GroupPart>();
        foreach (var register in registers)
            read.Add(await PartAsync(register));
        var written = writes(read);
        var parts = read.Select(part => written.TryGetValue(part.Register, out var amount)
            ? part with { IsSet = true, NewAmount = amount } : part).ToArray();
        var call = worker.Begin(OperationKind.Transaction, group) with
        {
            Tag = worker.Recorder.NewTag(), Text = GroupPart.Write(parts),
        };
        var puts = parts.Where(part => part.IsSet).ToDictionary(
            part => GroupUse.PathOf(group, part.Register), part => EtcdStore.Value(part.NewAmount, call.Tag));
        if (puts.Count == 0)
            puts.Add($"{group}/mark", "");

        var expected = parts.Select(part => (GroupUse.PathOf(group, part.Register), part.Version + 1L)).ToArray();
        var reply = await worker.AskAsync(call, worker.Client.PutIfAsync(expected, puts));

        // Which part was refused, as the order of the compares would have it.
        worker.Record(call with { Expected = reply.IsDone ? 0 : reply.Refused }, reply.Revision,
            reply.IsDone ? 0 : Operation.BadVersion);
    }

    /// <summary>What a node has of a register, however old: the transaction finds out.</summary>
    private async Task<GroupPart> PartAsync(int register)
    {
        var reply = await worker.Client.RangeAsync(GroupUse.PathOf(group, register), isSerializable: true);
        var (amount, tag) = EtcdStore.Parse(reply.Value!);
        return new GroupPart(
            register, IsSet: false, (int)reply.Version - 1, tag, amount, reply.ModRevision, NewAmount: 0);
    }
}
