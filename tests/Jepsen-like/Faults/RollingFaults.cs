namespace Coord.JepsenLike.Faults;

/// <summary>
/// All nodes in turn, stopped as an operator stops them and each serving again before the next: with the same build,
/// and with the other of two builds.
/// </summary>
internal static class RollingFaults
{
    private const string Rolling = "rolling";
    private const string Upgrade = "upgrade";

    public static IEnumerable<Fault> All { get; } =
    [
        new(Rolling, "rolling-restart-leader-last", (scene, _) => RollAsync(scene, LeaderLast(scene))),
        new(Rolling, "rolling-restart-leader-first", (scene, _) => RollAsync(scene, LeaderFirst(scene))),
        Build("change-build-leader-last", (scene, _) => ChangeBuildAsync(scene, LeaderLast(scene))),
        Build("change-build-leader-first", (scene, _) => ChangeBuildAsync(scene, LeaderFirst(scene))),
        Build("mix-builds", MixBuildsAsync),
    ];

    private static Fault Build(string name, Func<FaultScene, CancellationToken, Task> run) =>
        new(Upgrade, name, run) { Needs = ClusterNeeds.OtherBuild };

    private static int[] LeaderFirst(FaultScene scene) => [scene.Leader, .. scene.Others];

    private static int[] LeaderLast(FaultScene scene) => [.. scene.Others, scene.Leader];

    private static async Task RollAsync(FaultScene scene, int[] order)
    {
        foreach (var node in order)
        {
            await scene.Cluster.EndAsync(node);
            await scene.Cluster.RestartAsync(node);
            await scene.Cluster.WaitUntilServingAsync(node);
        }
    }

    /// <summary>An upgrade, or the way back; which, the leader's present build decides.</summary>
    private static async Task ChangeBuildAsync(FaultScene scene, int[] order)
    {
        var other = await IsNextOtherAsync(scene.Cluster, scene.Leader);
        foreach (var node in order)
            scene.Cluster.ChooseBuild(node, other);
        await RollAsync(scene, order);
    }

    /// <summary>One node changes its build among those that do not, for a while.</summary>
    private static async Task MixBuildsAsync(FaultScene scene, CancellationToken stop)
    {
        var node = scene.All[scene.Random.Next(scene.All.Length)];
        var wasOther = scene.Cluster.RunsOtherBuild(node);
        scene.Cluster.ChooseBuild(node, await IsNextOtherAsync(scene.Cluster, node));
        await RollAsync(scene, [node]);
        await scene.CalmAsync(500, 3_000, stop);
        scene.Cluster.ChooseBuild(node, wasOther);
        await RollAsync(scene, [node]);
    }

    /// <summary>
    /// Whether the node, which is about to change, is to run the other build: not where it does, and not where the
    /// cluster has agreed on what the other build does not know. There is no way back then.
    /// </summary>
    private static async Task<bool> IsNextOtherAsync(LocalCluster cluster, int node) =>
        !cluster.RunsOtherBuild(node) && await new Membership(cluster).ViewAsync() is { } view &&
        view.FeatureLevel <= cluster.OtherFeatureLevelMax;
}
