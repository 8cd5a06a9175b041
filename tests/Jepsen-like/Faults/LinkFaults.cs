namespace Coord.JepsenLike.Faults;

/// <summary>
/// Links between nodes that hold their bytes, by the proxies of the suite: what is held leaves in a burst when they
/// heal, or, half of the time, is lost with its connection.
/// </summary>
internal static class LinkFaults
{
    private const string Links = "links";

    private static readonly TimeSpan FlapInterval = TimeSpan.FromMilliseconds(60);

    public static IEnumerable<Fault> All { get; } =
    [
        Of("isolate-leader", scene => scene.Network.Isolate(scene.Leader)) with { Weight = 2 },
        Of("isolate-follower", scene => scene.Network.Isolate(scene.Follower), scene => scene.Follower),
        Of("separate-all", scene => scene.All.ToList().ForEach(scene.Network.Isolate)),
        Of("mute-leader", scene => scene.Network.Mute(scene.Leader)),
        Of("deafen-leader", scene => scene.Network.Deafen(scene.Leader)),
        Of("cut-link", scene => scene.Network.Cut(scene.Leader, scene.Follower)),
        new(Links, "flap-leader", FlapAsync) { Needs = ClusterNeeds.Proxies },
    ];

    private static Fault Of(string name, Action<FaultScene> cut, Func<FaultScene, int>? victim = null) =>
        new(Links, name, async (scene, stop) =>
        {
            cut(scene);
            if (scene.Random.Next(2) == 0)
                scene.Network.ResetConnections(victim?.Invoke(scene) ?? scene.Leader);
            await scene.CalmAsync(200, 3500, stop);
            scene.Network.Heal();
        }) { Needs = ClusterNeeds.Proxies };

    /// <summary>Cut off and healed again and again, at about the pace of heartbeats.</summary>
    private static async Task FlapAsync(FaultScene scene, CancellationToken stop)
    {
        for (var i = 0; i < 20; i++)
        {
            scene.Network.Isolate(scene.Leader);
            await FaultScene.CalmAsync(FlapInterval, stop);
            scene.Network.Heal();
            await FaultScene.CalmAsync(FlapInterval, stop);
        }
    }
}
