using System.Globalization;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// Sets of numbers on etcd: a key for each below the set's prefix, which only grows. The version of a set, for which a
/// prefix has none, is the sum of those of its keys: each is written once.
/// </summary>
internal sealed class EtcdSets(WorkloadContext context)
{
    // All of a set is one answer.
    private const int ElementsMax = 200;
    private const int ReadsPerHundred = 8;

    private int adds;

    public static ILoad Load(WorkloadContext context)
    {
        var sets = new EtcdSets(context);
        return new EtcdLoad(context, new Dictionary<string, string>(),
            (worker, stop) => worker.RunAsync(() => sets.StepAsync(worker), stop),
            (worker, _) => sets.FinishAsync(worker));
    }

    private string Path(int set) => $"{context.Root}/set-{set}";

    private async Task StepAsync(EtcdWorker worker)
    {
        if (worker.Random.Next(100) < ReadsPerHundred)
        {
            var last = Volatile.Read(ref adds) / ElementsMax;
            await ReadAsync(worker, Path(Math.Max(0, last - worker.Random.Next(2))));
            return;
        }

        // Counted when it is tried, so that a set in which nothing succeeds is left too.
        var set = Path(Interlocked.Increment(ref adds) / ElementsMax);
        var call = worker.Begin(OperationKind.Create, set) with { Tag = worker.Recorder.NewTag() };
        var key = string.Create(CultureInfo.InvariantCulture, $"{set}/{call.Tag}");
        worker.Record(call, (await worker.AskAsync(call, worker.Client.PutAsync(key, ""))).Revision);
    }

    private async Task FinishAsync(EtcdWorker worker)
    {
        for (var set = 0; set <= adds / ElementsMax; set++)
            await ReadAsync(worker, Path(set));
    }

    private async Task ReadAsync(EtcdWorker worker, string set)
    {
        var call = worker.Begin(OperationKind.Read, set);
        var isLocal = context.Plants(PlantedFaults.ReadsWithoutBarrier);
        var (revision, keys) = await worker.AskAsync(call, worker.Client.RangeBelowAsync($"{set}/", isLocal));
        var tags = keys.Select(key => long.Parse(key.Key.AsSpan(set.Length + 1), CultureInfo.InvariantCulture));
        worker.Record(call with
        {
            Text = Numbers.Write(tags), Amount = keys.Count, Version = (int)keys.Sum(key => key.Version),
            ModifiedZxid = keys.Select(key => key.ModRevision).DefaultIfEmpty().Max(),
        }, revision);
    }
}
