using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>A slow network, by the proxies of the suite: bytes take longer, by another time each.</summary>
internal static class SlowFaults
{
    private const string SlowNetwork = "slow";

    // From the next city to another continent, and to what no election timeout is made for.
    private static readonly Lag[] Lags =
    [
        Lag.OfMilliseconds(2, 10), Lag.OfMilliseconds(20, 60), Lag.OfMilliseconds(80, 250),
        Lag.OfMilliseconds(0, 1500),
    ];

    public static IEnumerable<Fault> All { get; } =
    [
        OnPeers("slow-between-nodes", (scene, lag) => scene.Network.Slow(lag)),
        OnPeers("slow-leader", (scene, lag) => scene.Network.Slow(scene.Leader, lag)),
        OnPeers("slow-follower", (scene, lag) => scene.Network.Slow(scene.Follower, lag)),
        OnPeers("slow-link", (scene, lag) => scene.Network.Slow(scene.Leader, scene.Follower, lag)),
        Of("slow-clients",
            (scene, lag) => scene.Cluster.Clients.Slow(lag), scene => scene.Cluster.Clients.Slow(Lag.None)) with
        {
            Needs = ClusterNeeds.ClientProxies,
        },
    ];

    private static Fault OnPeers(string name, Action<FaultScene, Lag> slow) =>
        Of(name, slow, scene => scene.Network.Slow(Lag.None)) with { Needs = ClusterNeeds.Proxies, NodesMin = 2 };

    private static Fault Of(string name, Action<FaultScene, Lag> slow, Action<FaultScene> heal) =>
        new(SlowNetwork, name, async (scene, stop) =>
        {
            slow(scene, Lags[scene.Random.Next(Lags.Length)]);
            await scene.CalmAsync(1000, 5000, stop);
            heal(scene);
        });
}
