using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>
/// kazoo's recipes, each twice: in peace, and with the node that a client talks to killed in the middle.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class KazooRecipeTests(InteropCluster cluster)
{
    private static readonly Dictionary<string, string[]> Recipes = new()
    {
        ["kazoo_locks"] = ["lock", "lock_is_kept", "read_write_lock", "semaphore", "counter", "election", "lease"],
        ["kazoo_meetings"] = ["queue", "locking_queue", "barrier", "double_barrier", "party", "partitioner"],
        ["kazoo_trees"] = ["data_watch", "children_watch", "tree_cache", "transactions", "auth"],
    };

    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var (script, names) in Recipes)
                all.AddRange(names.Select(name => (script, name)));
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task Recipe(string script, string name) => Kazoo.PlayAsync(cluster, script, name);

    [Theory]
    [MemberData(nameof(All))]
    public Task Recipe_while_its_node_is_killed(string script, string name) =>
        Kazoo.PlayAsync(cluster, script, name, "killed");

    [Fact]
    public async Task Reading_without_a_quorum()
    {
        Assert.SkipUnless(cluster.IsCoord, "ZooKeeper 3.8 has no read-only sessions unless its sessions are local");
        await Kazoo.PlayAsync(cluster, "kazoo_trees", "read_only");
    }
}
