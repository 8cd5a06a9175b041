using System.Diagnostics;
using Coord.JepsenLike.Faults.Disks;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// A byte of the log or of a snapshot flips while a node is down. Never at more than a minority, and never before all
/// have recovered from the last time: the damaged must be able to get back from the others what they had.
/// </summary>
internal static class CorruptionFaults
{
    private const string Corruption = "corruption";

    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<Fault> All { get; } =
    [
        Of("corrupt-log-leader", scene => [scene.Leader], DamagedFile.FlipInLog),
        Of("corrupt-log-minority", scene => scene.Minority(), DamagedFile.FlipInLog) with { Weight = 2 },
        Of("corrupt-snapshot-minority", scene => scene.Minority(), DamagedFile.FlipInSnapshot),
    ];

    private static Fault Of(
        string name, Func<FaultScene, int[]> victims, Func<string, Random, string?> flip) =>
        new(Corruption, name, (scene, stop) => DamageAsync(scene, victims(scene), flip, stop))
        {
            Needs = ClusterNeeds.SmallFiles | ClusterNeeds.CoordFiles,
            NodesMin = 3,
            TakesCopyAway = true,
        };

    private static async Task DamageAsync(
        FaultScene scene, int[] nodes, Func<string, Random, string?> flip, CancellationToken stop)
    {
        await scene.Cluster.KillAtOnceAsync(nodes);
        var isDamaged = false;
        foreach (var node in nodes)
        {
            var what = flip(scene.Cluster.DataOf(node), scene.Random);
            isDamaged |= what is not null;
            await File.AppendAllTextAsync(
                scene.Cluster.OutputFileOf(node), $"(suite) {what ?? "nothing to damage"}\n", CancellationToken.None);
        }

        await scene.CalmAsync(50, 1000, stop);
        await Task.WhenAll(nodes.Select(scene.Cluster.RestartAsync));
        await scene.Cluster.WaitUntilServingAsync();
        if (isDamaged)
            await WaitUntilRecoveredAsync(scene.Cluster);
    }

    /// <summary>Until no node counts for nothing any more (raft-design P30).</summary>
    private static async Task WaitUntilRecoveredAsync(LocalCluster cluster)
    {
        var clock = Stopwatch.StartNew();
        foreach (var admin in cluster.AdminNodes)
        {
            while (await AdminPort.RaftAsync(admin, CancellationToken.None) is not { RecoveringBecause: null })
            {
                if (clock.Elapsed > RecoveryPatience)
                    throw new NotServingException($"the node at {admin} does not recover\n{cluster.Outputs()}");
                await Task.Delay(PollInterval);
            }
        }
    }
}
