using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Packets that are dropped, between nodes or between nodes and clients; connections that they belong to are left to
/// find that out.
/// </summary>
internal static class PartitionFaults
{
    private const string Partition = "partition";
    private const string OneWay = "partition-one-way";
    private const string ClientsOnly = "partition-clients";

    // From less than an election to well past a client's patience; the last is longer than most sessions of locks.
    private static readonly int[] Milliseconds = [300, 1000, 2500, 2500, 6000];

    public static IEnumerable<Fault> All { get; } = [.. BothWays(), .. OneDirection(), .. ClientSides()];

    /// <summary>Between nodes, so on the peers' ports: clients reach every node meanwhile.</summary>
    private static IEnumerable<Fault> BothWays() =>
    [
        Of(Partition, "part-leader", scene => PartitionShapes.Isolate(scene.NodesAfter(scene.Leader))) with
        {
            Weight = 2,
        },
        Of(Partition, "part-follower", scene => PartitionShapes.Isolate(scene.NodesAfter(scene.Follower))),
        Of(Partition, "part-halves", scene => PartitionShapes.Halves(scene.NodesAfter(AnyOf(scene)))) with
        {
            NodesMin = 4,
        },
        Of(Partition, "part-leader-in-minority",
            scene => PartitionShapes.Halves(scene.NodesAfter(scene.Leader))) with { NodesMin = 4 },
        Of(Partition, "part-bridge", scene => PartitionShapes.Bridge(scene.NodesAfter(AnyOf(scene)))),
        Of(Partition, "part-bridge-leader", scene => PartitionShapes.Bridge(scene.NodesAfter(scene.Leader))),
        Of(Partition, "part-ring", scene => PartitionShapes.MajoritiesRing(scene.NodesAfter(AnyOf(scene)))) with
        {
            NodesMin = 4, Weight = 2,
        },
        Of(Partition, "part-all", scene => PartitionShapes.SeparateAll(scene.Nodes)),
        Of(Partition, "part-link", scene => PartitionShapes.Between([scene.LeaderPlace], [scene.FollowerPlace])),
        Of(Partition, "unplug-leader", scene => PartitionShapes.Between(
            [scene.LeaderPlace], [.. scene.Nodes, .. scene.Clients])) with { Weight = 2 },
        Of(Partition, "unplug-follower", scene => PartitionShapes.Between(
            [scene.FollowerPlace], [.. scene.Nodes, .. scene.Clients])),
    ];

    private static IEnumerable<Fault> OneDirection() =>
    [
        Of(OneWay, "leader-hears-only", scene => PartitionShapes.OneWay([scene.LeaderPlace], scene.Nodes)),
        Of(OneWay, "leader-speaks-only", scene => PartitionShapes.OneWay(scene.Nodes, [scene.LeaderPlace])),
        Of(OneWay, "follower-hears-only", scene => PartitionShapes.OneWay([scene.FollowerPlace], scene.Nodes)),
        Of(OneWay, "follower-speaks-only", scene => PartitionShapes.OneWay(scene.Nodes, [scene.FollowerPlace])),
        Of(OneWay, "link-one-way", scene => scene.Random.Next(2) == 0
            ? PartitionShapes.OneWay([scene.LeaderPlace], [scene.FollowerPlace])
            : PartitionShapes.OneWay([scene.FollowerPlace], [scene.LeaderPlace])),
    ];

    /// <summary>The nodes have each other all the time.</summary>
    private static IEnumerable<Fault> ClientSides() =>
    [
        Of(ClientsOnly, "clients-without-leader",
            scene => PartitionShapes.Between(scene.Clients, [scene.LeaderPlace])),
        Of(ClientsOnly, "clients-without-nodes", scene => PartitionShapes.Between([AnyClients(scene)], scene.Nodes)),
        Of(ClientsOnly, "all-clients-without-nodes", scene => PartitionShapes.Between(scene.Clients, scene.Nodes)),
        Of(ClientsOnly, "clients-scattered", scene => PartitionShapes.Between(
            scene.Clients, [.. scene.NodesAfter(AnyOf(scene)).Skip(1)])),
        // The requests arrive and are done; who asked does not learn of it.
        Of(ClientsOnly, "replies-lost", scene => PartitionShapes.OneWay(scene.Nodes, [AnyClients(scene)])) with
        {
            Weight = 2,
        },
        Of(ClientsOnly, "requests-lost", scene => PartitionShapes.OneWay([AnyClients(scene)], scene.Nodes)),
    ];

    private static Fault Of(string nemesis, string name, Func<FaultScene, IEnumerable<Hop>> shape) =>
        new(nemesis, name, async (scene, stop) =>
        {
            var time = Milliseconds[scene.Random.Next(Milliseconds.Length)];
            var cut = await scene.Packets.CutAsync(shape(scene));
            await FaultScene.CalmAsync(TimeSpan.FromMilliseconds(time), stop);
            await cut.HealAsync();
        }) { Needs = ClusterNeeds.Namespaces, NodesMin = 3 };

    private static int AnyOf(FaultScene scene) => scene.All[scene.Random.Next(scene.All.Length)];

    private static Place AnyClients(FaultScene scene) => scene.Clients[scene.Random.Next(scene.Clients.Count)];
}
