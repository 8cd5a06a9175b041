using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>Some packets get lost, each by lot; TCP sends them again, later.</summary>
internal static class LossFaults
{
    private const string Loss = "loss";

    // Where TCP hardly notices, where it is slow, and where next to nothing passes.
    private static readonly int[] Percents = [2, 10, 30, 60];

    public static IEnumerable<Fault> All { get; } =
    [
        Of("loss-between-nodes", scene => PartitionShapes.SeparateAll(scene.Nodes)),
        Of("loss-at-leader", scene => PartitionShapes.Isolate(scene.NodesAfter(scene.Leader))),
        Of("loss-from-leader", scene => PartitionShapes.OneWay([scene.LeaderPlace], scene.Nodes)),
        Of("loss-at-clients", scene => PartitionShapes.Between(scene.Clients, scene.Nodes)),
        Of("loss-everywhere", scene => PartitionShapes.SeparateAll([.. scene.Nodes, .. scene.Clients])),
    ];

    private static Fault Of(string name, Func<FaultScene, IEnumerable<Hop>> shape) =>
        new(Loss, name, async (scene, stop) =>
        {
            var percent = Percents[scene.Random.Next(Percents.Length)];
            var cut = await scene.Packets.LoseAsync(shape(scene), percent);
            await scene.CalmAsync(1000, 5000, stop);
            await cut.HealAsync();
        }) { Needs = ClusterNeeds.Namespaces };
}
