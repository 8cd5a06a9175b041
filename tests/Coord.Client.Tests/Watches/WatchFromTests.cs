using System.Diagnostics;

namespace Coord.Client.Tests;

/// <summary>Streams of a tree on nodes that know what was missed (client-sdk.md section 23, watch-from).</summary>
public sealed class WatchFromTests
{
    private const int Cuts = 30;

    [Fact]
    public async Task A_stream_over_many_reconnects_misses_nothing_and_tells_nothing_twice()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await other.CreateAsync("/t").Soon();
        await using var events = coord.WatchAsync("/t", WatchScope.Subtree).GetAsyncEnumerator();
        Assert.Equal("Started /t", await NextAsync(events));

        for (var i = 0; i < Cuts; i++)
        {
            cluster.Faults.Cut(coord);

            // Several changes of one zxid, of which a connection may have told some when it broke.
            await other.CreateMulti()
                .Create($"/t/{i}", default).Set($"/t/{i}", new byte[1]).Delete($"/t/{i}").CommitAsync().Soon();
            Assert.Equal($"Created /t/{i}", await NextAsync(events));
            if (i % 3 == 0)
                cluster.Faults.Cut(coord);
            Assert.Equal($"DataChanged /t/{i}", await NextAsync(events));
            Assert.Equal($"Deleted /t/{i}", await NextAsync(events));
        }
    }

    [Fact]
    public async Task Where_the_server_cannot_tell_what_was_missed_the_stream_says_so()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, new() { AsZooKeeper = true });
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/t").Soon();
        await using var events = coord.WatchAsync("/t", WatchScope.Subtree).GetAsyncEnumerator();
        Assert.Equal("Started /t", await NextAsync(events));

        cluster.Faults.Cut(coord);
        Assert.Equal("Resynced /t", await NextAsync(events));
    }

    [Fact]
    public async Task What_another_watch_of_the_client_missed_is_not_told_twice()
    {
        await using var cluster = await CoordTestCluster.StartAsync(1);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await other.CreateAsync("/t").Soon();
        await using var events = coord.WatchAsync("/t", WatchScope.Subtree).GetAsyncEnumerator();
        Assert.Equal("Started /t", await NextAsync(events));
        var deleted = coord.WaitForDeletedAsync("/t").AsTask();
        await coord.SyncAsync().Soon();

        cluster.Faults.ShutOut(coord);
        cluster.Faults.Cut(coord);
        await other.DeleteAsync("/t").Soon();
        cluster.Faults.Heal(coord);
        await deleted.Soon();
        await other.CreateAsync("/t").Soon();
        Assert.Equal("Deleted /t", await NextAsync(events));
        Assert.Equal("Created /t", await NextAsync(events));
    }

    [Fact]
    public async Task A_cache_reads_what_changed_meanwhile_and_nothing_else()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        foreach (var path in (string[])["/t", "/t/a", "/t/b"])
            await other.CreateAsync(path).Soon();
        await using var cache = new TreeCache(coord, "/t");
        await cache.LoadedAsync().Soon();
        await using var changes = cache.ChangesAsync().GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
            Assert.True(await changes.MoveNextAsync().Soon());
        var lists = cluster.Faults.CountOf(RequestKind.GetChildren, coord);

        // The picture is as old as the present outage: the one before it was no gap.
        for (var i = 0; i < 2; i++)
        {
            var watch = Stopwatch.StartNew();
            cluster.Faults.ShutOut(coord);
            cluster.Faults.Cut(coord);
            await coord.WaitForAsync(SessionState.Suspended);
            await UntilYoungerAsync(cache, watch).Soon();
            cluster.Faults.Heal(coord);
            await coord.WaitForAsync(SessionState.Connected);
            Assert.Equal((false, TimeSpan.Zero), (cache.IsStale, cache.Staleness));

            // Behind what tells that nothing was missed.
            await other.SetAsync("/t/a", new byte[1], SetOptions.Overwrite).Soon();
            Assert.True(await changes.MoveNextAsync().Soon());
        }

        cluster.Faults.Cut(coord);
        await other.SetAsync("/t/b", new byte[1], SetOptions.Overwrite).Soon();
        Assert.True(await changes.MoveNextAsync().Soon());
        Assert.Equal(("/t/b", CacheChangeKind.Changed), (changes.Current.Path, changes.Current.Kind));
        Assert.Equal(lists, cluster.Faults.CountOf(RequestKind.GetChildren, coord));
    }

    // Counted from an earlier outage it stays the older of the two; whether that was a gap is heard of a little later.
    private static async Task UntilYoungerAsync(TreeCache cache, Stopwatch watch)
    {
        while (cache.Staleness > watch.Elapsed)
            await Task.Yield();
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<WatchEvent> events)
    {
        Assert.True(await events.MoveNextAsync().Soon());
        return $"{events.Current.Kind} {events.Current.Path}";
    }
}
