using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>All nodes in turn, and a session that outlives them.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RollingFaultTests
{
    [Fact(Timeout = 180_000)]
    public async Task A_rolling_restart_changes_every_process_and_leaves_sessions_alive()
    {
        await using var faults = await ClusterFaults.StartAsync();
        foreach (var name in new[] { "rolling-restart-leader-last", "rolling-restart-leader-first" })
        {
            var before = Pids(faults.Cluster);
            await faults.RunAsync(name);
            Assert.Empty(before.Intersect(Pids(faults.Cluster)));
        }

        Assert.All([1, 2, 3], node =>
            Assert.Equal(2, Lines(faults.Cluster, node).Count(line => line.EndsWith("Stopped"))));
    }

    // The "other" build is the same under another name: what is shown is which of the two each node runs.
    [Fact(Timeout = 180_000)]
    public async Task Builds_change_node_by_node_and_change_back()
    {
        var folder = Directory.CreateTempSubdirectory("coord-other-").FullName;
        try
        {
            var other = Path.Combine(folder, "other");
            Directory.CreateSymbolicLink(other, await FolderOfNodeAsync());
            await using var faults = await ClusterFaults.StartAsync(
                ClusterNeeds.OtherBuild, Path.Combine(other, "Coord.Node.dll"));
            Assert.All([1, 2, 3], node => Assert.Contains(other, CommandOf(faults.Cluster, node)));
            await faults.RunAsync("change-build-leader-first");
            Assert.All([1, 2, 3], node => Assert.DoesNotContain(other, CommandOf(faults.Cluster, node)));
            await faults.RunAsync("mix-builds");
            Assert.All([1, 2, 3], node => Assert.DoesNotContain(other, CommandOf(faults.Cluster, node)));
            await faults.RunAsync("change-build-leader-last");
            Assert.All([1, 2, 3], node => Assert.Contains(other, CommandOf(faults.Cluster, node)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_other_build_is_of_a_commit_that_is_there_or_says_that_it_is_not()
    {
        var cancel = TestContext.Current.CancellationToken;
        var empty = Directory.CreateTempSubdirectory("coord-no-clone-").FullName;
        try
        {
            var error = await Assert.ThrowsAsync<LauncherException>(() => OtherBuild.CommitAsync(empty, cancel));
            Assert.Contains("--other-build", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(empty);
        }

        if (Path.Exists(Path.Combine(Launcher.RepositoryRoot(), ".git")) && !await IsShallowAsync())
            Assert.Equal(40, (await OtherBuild.CommitAsync(Launcher.RepositoryRoot(), cancel)).Length);
    }

    private static async Task<bool> IsShallowAsync()
    {
        var (_, text) = await NativeProgram.RunAsync(
            "git", ["-C", Launcher.RepositoryRoot(), "rev-parse", "--is-shallow-repository"], ClusterFaults.Patience);
        return text.Trim() == "true";
    }

    /// <summary>Where the launcher's own build is.</summary>
    private static async Task<string> FolderOfNodeAsync()
    {
        await using var cluster = await LocalCluster.StartAsync(Launcher.Default(), nodes: 1);
        var program = CommandOf(cluster, node: 1).Split('\0').First(word => word.Contains("Coord.Node"));
        return Path.GetDirectoryName(program)!;
    }

    private static int[] Pids(LocalCluster cluster) => [.. cluster.Nodes.Select((_, i) => cluster.PidOf(i + 1))];

    private static string CommandOf(LocalCluster cluster, int node) =>
        File.ReadAllText($"/proc/{cluster.PidOf(node)}/cmdline");

    private static string[] Lines(LocalCluster cluster, int node) =>
        File.ReadAllLines(Path.Combine(cluster.Directory, $"{node}", "out"));
}
