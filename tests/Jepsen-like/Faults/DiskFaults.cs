using Coord.JepsenLike.Faults.Disks;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Disks that are full, read-only, slow, or that fail to flush. A node whose disk refuses what it has to write stops
/// itself and acknowledges nothing more; it is then started again on a disk that works. A node that only lacks room
/// for more goes on with what it has. Servers that promise no such end are tended by an <see cref="Operator"/>.
/// </summary>
internal static class DiskFaults
{
    private const string Disk = "disk";

    /// <summary>How long a node that was refused something may go on.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    /// <summary>How long one may that does not promise to stop: what it does about its disk, it does at once.</summary>
    private static readonly TimeSpan LivingOn = TimeSpan.FromSeconds(3);

    /// <summary>How long one may live on with a disk that works again, and not serve.</summary>
    private static readonly TimeSpan OperatorPatience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan SlowLeast = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SlowMost = TimeSpan.FromMilliseconds(2000);

    public static IEnumerable<Fault> All { get; } =
    [
        Of("full-leader", scene => [scene.Leader], FillAsync),
        Of("full-follower", scene => [scene.Follower], FillAsync),
        Of("full-all", scene => scene.All, FillAsync),
        Of("no-space-leader", scene => [scene.Leader], (scene, nodes, stop) =>
            RefuseAsync(scene, nodes, disk => disk.Refuse(DiskRefusal.Writes), DiskCounter.Refused, stop)),
        Of("no-space-minority", scene => scene.Minority(), (scene, nodes, stop) =>
            RefuseAsync(scene, nodes, disk => disk.Refuse(DiskRefusal.Writes), DiskCounter.Refused, stop))
            with { NodesMin = 3 },
        Of("read-only-leader", scene => [scene.Leader], (scene, nodes, stop) =>
            RefuseAsync(scene, nodes, disk => disk.Refuse(DiskRefusal.Changes), DiskCounter.Refused, stop)),
        Of("read-only-minority", scene => scene.Minority(), (scene, nodes, stop) =>
            RefuseAsync(scene, nodes, disk => disk.Refuse(DiskRefusal.Changes), DiskCounter.Refused, stop))
            with { NodesMin = 3 },
        Of("failing-flush-leader", scene => [scene.Leader], FailFlushAsync),
        Of("failing-flush-minority", scene => scene.Minority(), FailFlushAsync) with { NodesMin = 3 },
        Of("slow-flush-leader", scene => [scene.Leader], SlowAsync),
        Of("slow-flush-follower", scene => [scene.Follower], SlowAsync),
        Of("slow-flush-all", scene => scene.All, SlowAsync),
    ];

    private static Fault Of(
        string name, Func<FaultScene, int[]> victims, Func<FaultScene, int[], CancellationToken, Task> hurt) =>
        new(Disk, name, (scene, stop) => hurt(scene, victims(scene), stop))
        {
            Needs = ClusterNeeds.DiskShim | ClusterNeeds.SmallFiles,
        };

    private static Task FailFlushAsync(FaultScene scene, int[] nodes, CancellationToken stop) =>
        RefuseAsync(scene, nodes, disk => disk.FailFlushes(1), DiskCounter.FailedFlushes, stop);

    private static async Task FillAsync(FaultScene scene, int[] nodes, CancellationToken stop)
    {
        await Task.WhenAll(nodes.Select(scene.Cluster.LetEndAsync));
        foreach (var node in nodes)
            scene.Disks.Of(node).Refuse(DiskRefusal.Growth);
        await scene.CalmAsync(2000, 6000, stop);
        await HealAsync(scene, nodes);
    }

    private static async Task SlowAsync(FaultScene scene, int[] nodes, CancellationToken stop)
    {
        foreach (var node in nodes)
            scene.Disks.Of(node).SlowDown(SlowLeast, SlowMost, scene.Random.Next());
        await scene.CalmAsync(3000, 8000, stop);
        foreach (var node in nodes)
            scene.Disks.Of(node).Heal();
    }

    /// <summary>The nodes are to end by themselves as soon as they have been refused something.</summary>
    private static async Task RefuseAsync(
        FaultScene scene, int[] nodes, Action<DiskControl> refuse, DiskCounter counter, CancellationToken stop)
    {
        var before = nodes.ToDictionary(node => node, node => scene.Disks.Of(node)[counter]);
        await Task.WhenAll(nodes.Select(scene.Cluster.LetEndAsync));
        foreach (var node in nodes)
            refuse(scene.Disks.Of(node));
        try
        {
            foreach (var node in nodes)
                await RequireEndAsync(scene, node, () => scene.Disks.Of(node)[counter] > before[node]);
            await scene.CalmAsync(50, 2000, stop);
        }
        finally
        {
            await HealAsync(scene, nodes);
        }
    }

    private static async Task RequireEndAsync(FaultScene scene, int node, Func<bool> isRefused)
    {
        var cluster = scene.Cluster;
        var patience = cluster.NodesEndWhenRefused ? StopPatience : LivingOn;
        var hasEnded = await SystemProcess.HasEndedAsync(cluster.PidOf(node), cluster.Directory, patience);
        if (!hasEnded && isRefused() && cluster.NodesEndWhenRefused)
            throw new NotStoppedException(
                $"node {node} goes on although its disk refused what it wrote or flushed\n{cluster.Outputs()}");
    }

    private static async Task HealAsync(FaultScene scene, int[] nodes)
    {
        foreach (var node in nodes)
            scene.Disks.Of(node).Heal();
        await Task.WhenAll(nodes.Select(scene.Cluster.StartIfEndedAsync));
        if (scene.Cluster.NodesEndWhenRefused)
            return;

        var tended = new Operator(scene.Cluster, OperatorPatience);
        var done = await Task.WhenAll(nodes.Select(tended.TendAsync));
        scene.Note = string.Join(", ", done.Where(words => words.Length > 0));
    }
}
