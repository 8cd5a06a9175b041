using System.Diagnostics;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// The power fails: nodes are killed at one moment, and what they wrote and did not flush is lost, all of it or some,
/// sector by sector. What was acknowledged was flushed by a majority before, so nothing of that may be missing.
/// </summary>
internal static class PowerFaults
{
    private const string Power = "power";
    private const string Blackout = "blackout";

    private static readonly TimeSpan SlowLeast = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowMost = TimeSpan.FromMilliseconds(200);

    public static IEnumerable<Fault> All { get; } =
    [
        Of("power-leader", scene => [scene.Leader]),
        Of("power-follower", scene => [scene.Follower]),
        Of("power-minority", scene => scene.Minority()) with { NodesMin = 3 },
        Of("power-majority", scene => scene.AllButOne),
        Of("power-all", scene => scene.All) with { Nemesis = Blackout, Weight = 4 },
    ];

    private static Fault Of(string name, Func<FaultScene, int[]> victims) =>
        new(Power, name, (scene, stop) => FailAsync(scene, victims(scene), stop))
        {
            Needs = ClusterNeeds.DiskShim | ClusterNeeds.SmallFiles | ClusterNeeds.CoordFiles,
        };

    /// <summary>Slow flushes, so that the power fails with much under way.</summary>
    private static async Task KeepFlushesWaitingAsync(FaultScene scene, int[] nodes, CancellationToken stop)
    {
        foreach (var node in nodes)
            scene.Disks.Of(node).SlowDown(SlowLeast, SlowMost, scene.Random.Next());
        await scene.CalmAsync(300, 1000, stop);
    }

    private static async Task FailAsync(FaultScene scene, int[] nodes, CancellationToken stop)
    {
        if (scene.Random.Next(2) == 0)
            await KeepFlushesWaitingAsync(scene, nodes, stop);
        var moment = Stopwatch.GetTimestamp();
        await scene.Cluster.KillAtOnceAsync(nodes);
        foreach (var node in nodes)
        {
            scene.Disks.Of(node).SlowDown(TimeSpan.Zero, TimeSpan.Zero, seed: 0);
            scene.Disks.LosePower(node, moment, scene.Random);
        }

        await scene.CalmAsync(50, 1000, stop);
        await Task.WhenAll(nodes.Select(scene.Cluster.RestartAsync));
    }
}
