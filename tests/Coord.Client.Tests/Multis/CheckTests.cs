namespace Coord.Client.Tests;

/// <summary>
/// Transactions on a server that checks absence and lists of children (extensions check-absent and check-children).
/// </summary>
public sealed class CheckTests : IDisposable
{
    private static readonly byte[] Bytes = [7];

    private readonly ScriptedCluster cluster = new(nodes: 2)
    {
        Features = "session-proof dedupe check-absent check-children",
    };

    private readonly CoordClient coord;

    public CheckTests() => coord = new CoordClient(cluster.ConnectionString);

    public void Dispose()
    {
        coord.DisposeAsync().AsTask().Wait();
        cluster.Dispose();
    }

    [Theory]
    [InlineData("/ghost", true)]
    [InlineData("/ghost", false)]
    [InlineData("/ghost/deeper/still", true)]
    public async Task Absence_is_guarded_and_no_watcher_sees_it(string path, bool isExactlyOnce)
    {
        await coord.CreateAsync("/a").Soon();
        var before = cluster.Look(tree => tree.Find("/")!.Stat);

        await coord.TransactAsync(
            async (tx, ct) =>
            {
                Assert.Null(await tx.TryGetAsync(path, ct));
                tx.Set("/a", Bytes);
                return 0;
            }, new TransactOptions { ExactlyOnce = isExactlyOnce }).Soon();

        Assert.Equal(before, cluster.Look(tree => tree.Find("/")!.Stat));
        Assert.Equal(Bytes, cluster.Look(tree => tree.Find("/a")!.Bytes));
    }

    [Fact]
    public async Task A_body_runs_again_when_a_list_that_it_read_has_changed()
    {
        await coord.CreateAsync("/list").Soon();
        await coord.CreateAsync("/list/a").Soon();
        var runs = 0;

        var names = await coord.TransactAsync(async (tx, ct) =>
        {
            var list = await tx.GetChildrenAsync("/list", ct);
            Assert.Same(list, await tx.GetChildrenAsync("/list", ct));
            if (++runs == 1)
                cluster.Edit(tree => tree.Delete("/list/a", -1));
            tx.Create("/list/b", Bytes);
            return list.Names;
        }).Soon();

        Assert.Equal(2, runs);
        Assert.Empty(names);
        Assert.Equal(["b"], cluster.Look(tree => tree.ChildrenOf("/list").ToList()));
    }

    [Fact]
    public async Task A_list_that_was_not_there_must_stay_so()
    {
        var runs = 0;

        var wasThere = await coord.TransactAsync(async (tx, ct) =>
        {
            if (++runs == 2)
                return (await tx.GetChildrenAsync("/list", ct)).Names.Count == 0;
            await Assert.ThrowsAsync<NoNodeException>(async () => await tx.GetChildrenAsync("/list", ct));
            await coord.CreateAsync("/list", default, null, ct);
            return false;
        }).Soon();

        Assert.Equal((2, true), (runs, wasThere));
    }

    [Fact]
    public async Task A_znode_that_was_there_and_whose_list_was_not_is_a_conflict()
    {
        await coord.CreateAsync("/list").Soon();
        var runs = 0;

        await coord.TransactAsync(async (tx, ct) =>
        {
            var isThere = await tx.TryGetAsync("/list", ct) is not null;
            if (++runs == 1)
                await coord.DeleteAsync("/list", null, ct);
            if (isThere)
                await Assert.ThrowsAsync<NoNodeException>(async () => await tx.GetChildrenAsync("/list", ct));
            tx.Create("/b", Bytes);
            return 0;
        }).Soon();

        Assert.Equal(2, runs);
    }

    /// <summary>What the next server does not know is not sent to it: the body runs again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_that_meets_another_server_is_guarded_in_that_ones_way(bool isExactlyOnce)
    {
        await coord.CreateAsync("/a").Soon();
        var runs = 0;

        await coord.TransactAsync(
            async (tx, ct) =>
            {
                Assert.Null(await tx.TryGetAsync("/ghost/child", ct));
                if (++runs == 1)
                    await MoveAsync("session-proof dedupe");
                tx.Set("/a", Bytes);
                return 0;
            }, new TransactOptions { ExactlyOnce = isExactlyOnce }).Soon();

        Assert.Equal(2, runs);
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task A_list_is_refused_where_nothing_can_guard_it()
    {
        await coord.CreateAsync("/a").Soon();

        await Assert.ThrowsAsync<InvalidOperationException>(() => coord.TransactAsync(async (tx, ct) =>
        {
            await tx.GetChildrenAsync("/", ct);
            await MoveAsync("session-proof");
            tx.Set("/a", Bytes);
            return 0;
        }).Soon());

        Assert.Equal(0, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    private async Task MoveAsync(string features)
    {
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Features = features;
        cluster.RefusesHandshakes = false;
    }
}
