namespace Coord.JepsenLike.Faults;

/// <summary>Processes that are killed and that stand still: the families Kill and Pause of raft-design T4.</summary>
internal static class ProcessFaults
{
    private const string Kill = "kill";
    private const string Pause = "pause";

    // From a hiccup, past an election and a client's patience, to past the sessions that pass and those that last.
    private static readonly int[] PauseMilliseconds = [250, 700, 1500, 3500, 6_000, 12_000];

    public static IEnumerable<Fault> All { get; } =
    [
        new(Kill, "kill-leader", (scene, stop) => KillAsync(scene, [scene.Leader], stop)) { Weight = 3 },
        new(Kill, "kill-follower", (scene, stop) => KillAsync(scene, [scene.Follower], stop)) { Weight = 2 },
        new(Kill, "kill-minority", (scene, stop) => KillAsync(scene, scene.Minority(), stop)) { NodesMin = 3 },
        new(Kill, "kill-majority", (scene, stop) => KillAsync(scene, scene.AllButOne, stop)),
        new(Kill, "kill-all", (scene, stop) => KillAsync(scene, scene.All, stop)),
        new(Pause, "pause-leader", (scene, stop) => PauseAsync(scene, [scene.Leader], stop)) { Weight = 2 },
        new(Pause, "pause-follower", (scene, stop) => PauseAsync(scene, [scene.Follower], stop)),
        new(Pause, "pause-minority", (scene, stop) => PauseAsync(scene, scene.Minority(), stop)) { NodesMin = 3 },
        new(Pause, "pause-majority", (scene, stop) => PauseAsync(scene, scene.AllButOne, stop)),
        new(Pause, "pause-leader-kill-next", PauseAndKillNextAsync),
    ];

    private static async Task KillAsync(FaultScene scene, int[] nodes, CancellationToken stop)
    {
        await Task.WhenAll(nodes.Select(scene.Cluster.KillAsync));
        await scene.CalmAsync(50, 2000, stop);
        await Task.WhenAll(nodes.Select(scene.Cluster.RestartAsync));
    }

    private static async Task PauseAsync(FaultScene scene, int[] nodes, CancellationToken stop)
    {
        var time = PauseMilliseconds[scene.Random.Next(PauseMilliseconds.Length)];
        await Task.WhenAll(nodes.Select(scene.Cluster.PauseAsync));
        await FaultScene.CalmAsync(TimeSpan.FromMilliseconds(time), stop);
        await Task.WhenAll(nodes.Select(scene.Cluster.ResumeAsync));
    }

    /// <summary>The leader stands still, its successor is killed, then the old leader wakes.</summary>
    private static async Task PauseAndKillNextAsync(FaultScene scene, CancellationToken stop)
    {
        await scene.Cluster.PauseAsync(scene.Leader);
        await scene.CalmAsync(800, 2500, stop);
        var next = await scene.Cluster.LeaderAsync() ?? scene.Follower;
        await scene.Cluster.KillAsync(next);
        await scene.CalmAsync(50, 800, stop);
        await scene.Cluster.ResumeAsync(scene.Leader);
        await scene.CalmAsync(50, 800, stop);
        await scene.Cluster.RestartAsync(next);
    }
}
