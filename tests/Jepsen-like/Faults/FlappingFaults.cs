using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>Partitions that come and go, at about the pace of heartbeats and of elections.</summary>
internal static class FlappingFaults
{
    private const string Flapping = "flapping";
    private const int Times = 10;

    public static IEnumerable<Fault> All { get; } =
    [
        Of("flapping-leader", scene => PartitionShapes.Isolate(scene.NodesAfter(scene.Leader))),
        Of("flapping-follower", scene => PartitionShapes.Isolate(scene.NodesAfter(scene.Follower))),
        Of("flapping-link", scene => PartitionShapes.Between([scene.LeaderPlace], [scene.FollowerPlace])),
        Of("wandering-partition", scene =>
            PartitionShapes.Isolate(scene.NodesAfter(scene.All[scene.Random.Next(scene.All.Length)]))),
    ];

    /// <param name="name">Of the fault.</param>
    /// <param name="shape">Asked anew each time.</param>
    private static Fault Of(string name, Func<FaultScene, IEnumerable<Hop>> shape) =>
        new(Flapping, name, async (scene, stop) =>
        {
            var most = scene.Random.Next(100, 800);
            for (var i = 0; i < Times && !stop.IsCancellationRequested; i++)
            {
                var cut = await scene.Packets.CutAsync(shape(scene));
                await scene.CalmAsync(50, most, stop);
                await cut.HealAsync();
                await scene.CalmAsync(50, most, stop);
            }
        }) { Needs = ClusterNeeds.Namespaces, NodesMin = 2 };
}
