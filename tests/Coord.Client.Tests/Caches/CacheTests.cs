using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Caches through outages, gaps and limits (client-sdk.md 7.2).</summary>
public sealed class CacheTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task During_an_outage_a_cache_answers_from_memory_and_says_how_old_it_is()
    {
        var time = new FakeTimeProvider();
        await using var coord = new CoordClient(
            cluster.ConnectionString,
            new CoordClientOptions { TimeProvider = time, SessionTimeout = TimeSpan.FromMinutes(5) });
        await coord.CreateAsync("/t", new byte[3]).Soon();
        await using var patient = new TreeCache(coord, "/t");
        await using var strict = new TreeCache(
            coord, "/t", new TreeCacheOptions { MaxStaleness = TimeSpan.FromSeconds(30) });
        await Task.WhenAll(patient.LoadedAsync(), strict.LoadedAsync()).Soon();
        Assert.Equal((false, TimeSpan.Zero), (patient.IsStale, patient.Staleness));

        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        Assert.Equal(TimeSpan.Zero, strict.Staleness);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.True(patient.IsStale);
        Assert.Equal(TimeSpan.FromSeconds(31), strict.Staleness);
        Assert.Equal(3, patient["/t"]!.Bytes.Length);
        var error = Assert.Throws<StaleReadException>(() => strict["/t"]);
        Assert.True(error.IsTransient);
    }

    // Danger: connected again is not yet current: until the picture was read anew, it is as old as the outage.
    [Fact]
    public async Task After_an_outage_a_cache_is_stale_until_it_was_read_again()
    {
        var time = new FakeTimeProvider();
        var moment = TimeSpan.FromMilliseconds(1);
        await using var coord = new CoordClient(cluster.ConnectionString, new CoordClientOptions
        {
            TimeProvider = time, SessionTimeout = TimeSpan.FromMinutes(5), RequestTimeout = TimeSpan.FromMinutes(5),

            // However often it is refused meanwhile, no pause becomes longer than those that the test passes.
            Retry = new RetryOptions { FirstDelay = moment, MaxDelay = moment },
        });
        await coord.CreateAsync("/t").Soon();
        await using var cache = new TreeCache(
            coord, "/t", new TreeCacheOptions { MaxStaleness = TimeSpan.FromSeconds(30) });
        await cache.LoadedAsync().Soon();
        var readingAgain = cluster.On(OpCode.GetData, FaultKind.Swallow, path => path == "/t");

        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        Assert.Equal((true, TimeSpan.Zero), (cache.IsStale, cache.Staleness));
        var cutOff = time.GetTimestamp();
        cluster.Edit(tree => tree.Set("/t", new byte[3], -1));
        time.Advance(TimeSpan.FromSeconds(31));
        cluster.RefusesHandshakes = false;
        await time.PassPausesAsync(readingAgain.Hit);

        Assert.Equal(SessionState.Connected, coord.State);
        Assert.Equal((true, time.GetElapsedTime(cutOff)), (cache.IsStale, cache.Staleness));
        Assert.Throws<StaleReadException>(() => cache["/t"]);

        // The read that is never answered goes out again on the next connection.
        cluster.CutAll();
        while (cache.IsStale)
            await time.PassPausesAsync(coord.SyncAsync().AsTask());

        Assert.Equal((TimeSpan.Zero, 3), (cache.Staleness, cache["/t"]!.Bytes.Length));
    }

    /// <summary>After a gap the picture is compared: nobody hears that a znode which stayed had gone.</summary>
    [Fact]
    public async Task After_a_gap_listeners_hear_of_the_differences_alone()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        foreach (var path in (string[])["/t", "/t/stays", "/t/goes", "/t/changes"])
            await coord.CreateAsync(path).Soon();
        await using var cache = new TreeCache(coord, "/t");
        await cache.LoadedAsync().Soon();
        await using var changes = cache.ChangesAsync().GetAsyncEnumerator();
        for (var i = 0; i < 4; i++)
            Assert.Equal(CacheChangeKind.Added, (await NextAsync(changes)).Kind);

        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Edit(tree =>
        {
            var path = "/t/comes";
            tree.Delete("/t/goes", -1);
            tree.Set("/t/changes", [1], -1);
            tree.Create(ref path, [], CreateMode.Persistent, 0);
        });
        cluster.RefusesHandshakes = false;

        var heard = new List<(CacheChangeKind, string)>();
        while (heard.Count < 3)
            heard.Add(((await NextAsync(changes)).Kind, changes.Current.Path));
        Assert.Equal(
            [(CacheChangeKind.Added, "/t/comes"), (CacheChangeKind.Changed, "/t/changes"),
                (CacheChangeKind.Removed, "/t/goes")],
            heard.OrderBy(change => change.Item1));
        Assert.Equal(4, cache.Znodes.Count);
    }

    [Fact]
    public async Task Depth_and_filter_leave_out_what_is_not_wanted()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        foreach (var path in (string[])["/t", "/t/a", "/t/a/b", "/t/a/b/c", "/t/secret", "/t/secret/x"])
            await coord.CreateAsync(path).Soon();
        await using var cache = new TreeCache(coord, "/t", new TreeCacheOptions
        {
            MaxDepth = 2, Filter = path => !path.EndsWith("secret", StringComparison.Ordinal),
        });

        await cache.LoadedAsync().Soon();
        await coord.SetAsync("/t/secret/x", default, 0).Soon();
        await coord.SetAsync("/t/a/b/c", default, 0).Soon();
        await coord.CreateAsync("/t/z").Soon();
        await foreach (var change in cache.ChangesAsync())
        {
            if (change.Path == "/t/z")
                break;
        }

        Assert.Equal(["/t", "/t/a", "/t/a/b", "/t/z"], cache.Znodes.Select(znode => znode.Path).Order());
    }

    [Theory]
    [InlineData(3, long.MaxValue)]
    [InlineData(int.MaxValue, 2000)]
    public async Task Over_its_limits_a_cache_ends_and_says_so(int znodes, long bytes)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/t").Soon();
        await using var cache = new TreeCache(
            coord, "/t", new TreeCacheOptions { MaxZnodes = znodes, MaxBytes = bytes });
        await cache.LoadedAsync().Soon();
        await using var changes = cache.ChangesAsync().GetAsyncEnumerator();

        for (var i = 0; i < 5; i++)
            await coord.CreateAsync($"/t/{i}", new byte[1000]).Soon();

        await Assert.ThrowsAsync<CacheLimitException>(async () =>
        {
            while (true)
                await changes.MoveNextAsync().Soon();
        });
        Assert.Throws<CacheLimitException>(() => cache["/t"]);
        Assert.Throws<CacheLimitException>(() => cache.Znodes);
    }

    [Fact]
    public async Task A_cache_is_made_without_a_word_to_the_cluster_and_checks_what_it_is_given()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var cache = new TreeCache(coord, "/t");
        await using var one = new NodeCache(coord, "/t");
        await using var all = new ChildrenCache(coord, "/t");

        Assert.Throws<InvalidOperationException>(() => cache["/t"]);
        Assert.Throws<InvalidOperationException>(() => one.Value);
        Assert.Throws<InvalidOperationException>(() => all.Children);
        Assert.Throws<ArgumentException>(() => new TreeCache(coord, "t"));
        Assert.Throws<ArgumentNullException>(() => new NodeCache(null!, "/t"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TreeCache(coord, "/t", new TreeCacheOptions { MaxZnodes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new NodeCache(coord, "/t", new CacheOptions { MaxStaleness = TimeSpan.FromSeconds(-1) }));
        Assert.Equal(SessionState.Idle, coord.State);
        await cache.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => cache["/t"]);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.LoadedAsync());
    }

    [Fact]
    public async Task Many_changes_of_one_znode_reach_a_slow_listener_as_one()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var cache = new NodeCache(coord, "/n");
        await cache.LoadedAsync().Soon();
        await using var slow = cache.ChangesAsync().GetAsyncEnumerator();
        await coord.CreateAsync("/n").Soon();
        for (var version = 0; version < 50; version++)
            await coord.SetAsync("/n", default, version).Soon();
        while (cache.Value?.Stat.Version != 50)
            await coord.SyncAsync().Soon();

        var change = await NextAsync(slow);

        Assert.Equal((CacheChangeKind.Added, 50), (change.Kind, change.New!.Stat.Version));
    }

    private static async Task<CacheChange> NextAsync(IAsyncEnumerator<CacheChange> changes)
    {
        Assert.True(await changes.MoveNextAsync().Soon());
        return changes.Current;
    }
}
