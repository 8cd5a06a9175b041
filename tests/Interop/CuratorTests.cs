using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>
/// Apache Curator (Debian packages libcurator-recipes-java and below) and what only ZooKeeper's Java client asks for,
/// each twice: in peace, and with the node that a client talks to killed in the middle.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class CuratorTests(InteropCluster cluster, JavaProgram program) : IClassFixture<JavaProgram>
{
    public static TheoryData<string> Disturbed =>
    [
        "mutex", "semaphore_mutex", "multi_lock", "write_lock", "mutex_is_kept", "read_write_lock", "semaphore",
        "first_semaphore",
        "atomic_long", "atomic_values", "shared_count", "shared_value",
        "leader_latch", "leader_selector",
        "path_children_cache", "node_cache", "tree_cache", "curator_cache", "curator_cache_bridge",
        "single_node_cache", "persistent_watcher",
        "persistent_node", "persistent_ephemeral_node", "persistent_ttl_node", "group_member",
        "barrier", "double_barrier",
        "queue", "blocking_queue", "id_queue", "priority_queue", "delay_queue", "simple_queue", "queue_sharder",
        "transactions", "ttl_and_containers", "creating", "watches", "acl", "ensemble",
        "java_watches",
    ];

    public static TheoryData<string> All => [.. Disturbed.Select(row => row.Data), "java_multi", "java_queries"];

    [Theory]
    [MemberData(nameof(All))]
    public Task Recipe(string name) => PlayAsync(name, $"/java_{name}");

    [Theory]
    [MemberData(nameof(Disturbed))]
    public Task Recipe_while_its_node_is_killed(string name) => PlayAsync(name, $"/java_{name}_killed killed");

    [Fact]
    public async Task Reading_without_a_quorum()
    {
        Assert.SkipUnless(cluster.IsCoord, "ZooKeeper 3.8 has no read-only sessions unless its sessions are local");
        await PlayAsync("java_read_only", "/java_read_only");
    }

    // A recipe is what is made for a client, or on top of another recipe; who adds one to the package adds it here.
    [Fact]
    public void Every_recipe_of_the_package_has_a_scenario()
    {
        Require();
        var scenarios = string.Concat(
            Directory.GetFiles(Path.Combine(InteropCluster.Scripts, "java_client"), "*.java").Select(File.ReadAllText));
        var recipes = JavaProgram.RecipesOfCurator();
        Assert.Contains("InterProcessMutex", recipes);
        Assert.InRange(recipes.Count, 30, int.MaxValue);
        string[] partsOfOthers = ["AfterConnectionEstablished", "LockInternals"];
        Assert.All(
            recipes.Except(partsOfOthers), recipe => Assert.Contains(recipe, scenarios, StringComparison.Ordinal));
    }

    private async Task PlayAsync(string name, string how)
    {
        Require();

        // zookeeper-ensemble.sh names no client ports in the configuration, so there are none to be learned from it.
        Assert.SkipUnless(cluster.IsCoord || name != "ensemble", "needs a configuration that names client ports");
        await program.PlayAsync(cluster, $"{name} {how}");
    }

    private static void Require() => DebianPackages.Require(JavaProgram.IsInstalled, JavaProgram.Packages);
}
