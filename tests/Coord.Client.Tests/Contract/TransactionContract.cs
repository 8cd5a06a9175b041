namespace Coord.Client.Tests;

/// <summary>Exactly-once multis and transactions, the same on every server.</summary>
public abstract class TransactionContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    [Fact]
    public async Task Money_that_many_move_at_once_neither_comes_nor_goes()
    {
        string[] accounts = [At("a"), At("b"), At("c")];
        foreach (var account in accounts)
            await Coord.CreateAsync(account, BitConverter.GetBytes(100L)).Soon();
        CoordClient[] clients = [Coord, Connect(), Connect()];
        var patient = new TransactOptions { MaxAttempts = 1000 };

        await Task.WhenAll(clients.Select(async (client, number) =>
        {
            for (var i = 0; i < 15; i++)
            {
                var (from, to) = (accounts[(number + i) % 3], accounts[(number + i + 1) % 3]);
                await client.TransactAsync(async (tx, ct) =>
                {
                    var (source, target) = (Value(await tx.GetAsync(from, ct)), Value(await tx.GetAsync(to, ct)));
                    tx.Set(from, BitConverter.GetBytes(source - 1));
                    tx.Set(to, BitConverter.GetBytes(target + 1));
                    return 0;
                }, patient);
            }
        })).Soon();

        long sum = 0;
        var writes = 0;
        foreach (var account in accounts)
        {
            var znode = await Coord.GetAsync(account, ReadOptions.Fresh).Soon();
            sum += Value(znode);
            writes += znode.Stat.Version;
        }

        Assert.Equal((300, 90), (sum, writes));
    }

    [Fact]
    public async Task A_znode_is_made_by_one_of_those_who_found_it_absent()
    {
        CoordClient[] clients = [Coord, Connect(), Connect()];

        var made = await Task.WhenAll(clients.Select(client => client.TransactAsync(async (tx, ct) =>
        {
            if (await tx.TryGetAsync(At("only"), ct) is not null)
                return 0;
            tx.Create(At("only"));
            return 1;
        }).AsTask())).Soon();

        Assert.Equal(1, made.Sum());
    }

    [Theory]
    [InlineData("ghost")]
    [InlineData("ghost/child/and/grandchild")]
    public async Task What_was_read_as_absent_must_stay_so(string name)
    {
        var runs = 0;

        var wasThere = await Coord.TransactAsync(async (tx, ct) =>
        {
            var found = await tx.TryGetAsync(At(name), ct) is not null;
            if (++runs == 1)
                await Connect().CreateAsync(At(name), default, new() { Parents = CreateParents.Persistent }, ct);
            tx.Create(At("made"));
            return found;
        }).Soon();

        Assert.Equal((2, true), (runs, wasThere));
    }

    [Fact]
    public async Task Multis_that_are_exactly_once_are_applied_once_while_nodes_are_killed()
    {
        await Coord.CreateAsync(At("n")).Soon();
        var session = await Coord.ConnectAsync().Soon();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 8).Select(_ => WriteAsync(stop.Token)).ToArray();

        for (var node = 1; node <= 3; node++)
        {
            await Cluster.KillAsync(node).Soon();
            await Coord.SyncAsync().Soon();
            await Cluster.RestartAsync(node);
        }

        await stop.CancelAsync();
        var written = (await Task.WhenAll(writers).Soon()).Sum();
        Assert.Same(session, Coord.Session);
        Assert.Equal(written, (await Coord.GetAsync(At("n"), ReadOptions.Fresh).Soon()).Stat.Version);
    }

    [Fact]
    public async Task A_change_that_another_client_saw_is_waited_for()
    {
        var other = Connect();
        for (var version = 0; version < 20; version++)
        {
            if (version == 0)
                await Coord.CreateAsync(At("z")).Soon();
            else
                await Coord.SetAsync(At("z"), default, version - 1).Soon();

            await other.WaitForZxidAsync(Coord.LastSeenZxid).Soon();

            Assert.Equal(version, (await other.GetAsync(At("z")).Soon()).Stat.Version);
        }
    }

    [Fact]
    public async Task A_create_sets_what_exists_where_that_was_said()
    {
        var options = new CreateOptions { IfExists = CreateIfExists.SetBytes, Parents = CreateParents.Container };

        Assert.Equal(0, (await Coord.CreateAsync(At("p/q"), new byte[1], options).Soon()).Stat.Version);
        var set = await Coord.CreateAsync(At("p/q"), new byte[2], options).Soon();

        Assert.Equal((At("p/q"), 1, 2), (set.Path, set.Stat.Version, set.Stat.DataLength));
    }

    [Fact]
    public async Task A_tree_is_deleted_with_or_without_its_root()
    {
        foreach (var name in (string[])["t/a/b", "t/c", "t/d/e/f"])
            await Coord.CreateAsync(At(name), default, new CreateOptions { Parents = CreateParents.Persistent }).Soon();

        await Coord.DeleteTreeAsync(At("t"), new DeleteTreeOptions { KeepRoot = true }).Soon();
        Assert.Empty((await Coord.GetChildrenAsync(At("t")).Soon()).Names);
        await Coord.DeleteTreeAsync(At("t")).Soon();

        Assert.Null(await Coord.ExistsAsync(At("t")).Soon());
        await Coord.DeleteTreeAsync(At("t")).Soon();
    }

    private static long Value(Znode znode) => BitConverter.ToInt64(znode.Bytes.Span);

    private async Task<int> WriteAsync(CancellationToken stop)
    {
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
            await Coord.CreateMulti().Set(At("n"), default).ExactlyOnce().CommitAsync(CancellationToken.None);
        return count;
    }
}
