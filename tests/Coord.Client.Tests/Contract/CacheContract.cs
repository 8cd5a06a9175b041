namespace Coord.Client.Tests;

/// <summary>Caches, the same on every server.</summary>
public abstract class CacheContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    [Fact]
    public async Task A_cache_of_a_tree_holds_what_is_there_while_nodes_are_killed()
    {
        await using var cache = new TreeCache(Connect(), At("tree"));
        await cache.LoadedAsync().Soon();
        Assert.Empty(cache.Znodes);

        var options = new CreateOptions { Parents = CreateParents.Persistent, IfExists = CreateIfExists.SetBytes };
        for (var node = 1; node <= 3; node++)
        {
            await Cluster.KillAsync(node).Soon();
            for (var i = 0; i < 20; i++)
                await Coord.CreateAsync(At($"tree/{node}/{i}"), new byte[i], options).Soon();
            await Coord.DeleteAsync(At($"tree/{node}/7")).Soon();
            await Cluster.RestartAsync(node);
        }

        await Coord.CreateAsync(At("tree/last")).Soon();
        await foreach (var change in cache.ChangesAsync())
        {
            if (change.Path == At("tree/last"))
                break;
        }

        // The picture is not of one moment: what came before the last change may still be read again.
        while (cache.Znodes.Count != 62 || cache.IsStale)
            await Coord.SyncAsync().Soon();
        Assert.Null(cache[At("tree/2/7")]);
        Assert.Equal(11, cache[At("tree/3/11")]!.Bytes.Length);
    }

    [Fact]
    public async Task Caches_of_a_znode_and_of_children_tell_each_change()
    {
        await using var one = new NodeCache(Coord, At("p/a"));
        await using var all = new ChildrenCache(Coord, At("p"));
        await Task.WhenAll(one.LoadedAsync(), all.LoadedAsync()).Soon();
        Assert.Null(one.Value);
        Assert.Empty(all.Children);
        await using var ofOne = one.ChangesAsync().GetAsyncEnumerator();
        await using var ofAll = all.ChangesAsync().GetAsyncEnumerator();

        await Coord.CreateAsync(At("p")).Soon();
        await Coord.CreateAsync(At("p/a"), new byte[1]).Soon();
        foreach (var changes in new[] { ofOne, ofAll })
            Assert.Equal((CacheChangeKind.Added, At("p/a"), 1), await NextAsync(changes));
        Assert.Equal(1, all["a"]!.Bytes.Length);
        await Coord.SetAsync(At("p/a"), new byte[2], 0).Soon();
        foreach (var changes in new[] { ofOne, ofAll })
            Assert.Equal((CacheChangeKind.Changed, At("p/a"), 2), await NextAsync(changes));
        await Coord.CreateAsync(At("p/a/deeper")).Soon();
        await Coord.DeleteTreeAsync(At("p/a")).Soon();
        foreach (var changes in new[] { ofOne, ofAll })
            Assert.Equal((CacheChangeKind.Removed, At("p/a"), 2), await NextAsync(changes));
    }

    private static async Task<(CacheChangeKind, string, int)> NextAsync(IAsyncEnumerator<CacheChange> changes)
    {
        Assert.True(await changes.MoveNextAsync().Soon());
        var change = changes.Current;
        return (change.Kind, change.Path, (change.New ?? change.Old)!.Bytes.Length);
    }
}
