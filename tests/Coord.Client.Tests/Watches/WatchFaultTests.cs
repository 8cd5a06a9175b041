using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Watches across broken connections.</summary>
public sealed class WatchFaultTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    /// <summary>Acceptance scenario 18: who reads again on Resynced ends with the true picture.</summary>
    [Fact]
    public async Task A_stream_over_a_hundred_reconnects_ends_with_the_true_picture()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        var seen = -1;
        var reader = Task.Run(async () =>
        {
            await foreach (var _ in coord.WatchAsync("/a"))
            {
                seen = (await coord.GetAsync("/a")).Stat.Version;
                if (seen == 100)
                    return;
            }
        });

        for (var i = 0; i < 100; i++)
        {
            cluster.Edit(tree => tree.Set("/a", [], -1));
            cluster.CutAll();
            await coord.SyncAsync().Soon();
        }

        await reader.Soon();
        Assert.Equal(100, seen);
    }

    /// <summary>Acceptance scenario 18, for a tree: nothing is sent for what happened in a gap.</summary>
    [Fact]
    public async Task A_stream_of_a_tree_over_a_hundred_reconnects_ends_with_the_true_picture()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/t").Soon();
        var seen = 0;
        var reader = Task.Run(async () =>
        {
            await foreach (var _ in coord.WatchAsync("/t", WatchScope.Subtree))
            {
                seen = (await coord.GetChildrenAsync("/t")).Names.Count;
                if (seen == 100)
                    return;
            }
        });

        for (var i = 0; i < 100; i++)
        {
            cluster.Edit(tree =>
            {
                var path = $"/t/{i}";
                tree.Create(ref path, [], CreateMode.Persistent, 0);
            });
            cluster.CutAll();
            await coord.SyncAsync().Soon();
        }

        await reader.Soon();
        Assert.Equal(100, seen);
    }

    [Fact]
    public async Task A_stream_of_a_tree_that_nobody_reads_becomes_one_word_to_read_again()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/t").Soon();
        await using var events = coord.WatchAsync("/t", WatchScope.Subtree).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));

        cluster.Edit(tree =>
        {
            for (var i = 0; i < 2000; i++)
                tree.Set("/t", [], -1);
        });
        await coord.SyncAsync().Soon();
        Assert.Equal(WatchEventKind.Resynced, await NextAsync(events));
        await coord.SetAsync("/t", default, SetOptions.Overwrite).Soon();

        Assert.Equal(WatchEventKind.DataChanged, await NextAsync(events));
    }

    [Fact]
    public async Task A_stream_of_a_tree_goes_on_in_a_new_session()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var events = coord.WatchAsync("/t", WatchScope.Subtree).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));

        cluster.Expire(coord.Session.Id.Value);
        Assert.Equal(WatchEventKind.Resynced, await NextAsync(events));
        // The gap is told before it is known whether the session lives: a read waits for that.
        await coord.SyncAsync().Soon();
        await coord.CreateAsync("/t").Soon();

        // Another gap before this one is read swallows the event: then reading again is what shows the znode.
        WatchEventKind last;
        do
            last = await NextAsync(events);
        while (last == WatchEventKind.Resynced && await coord.ExistsAsync("/t").Soon() is null);
        Assert.True(last is WatchEventKind.Created or WatchEventKind.Resynced);
    }

    [Fact]
    public async Task A_new_session_resyncs_streams_and_goes_on_with_them()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var events = coord.WatchAsync("/a").GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));

        cluster.Expire(coord.Session.Id.Value);
        Assert.Equal(WatchEventKind.Resynced, await NextAsync(events));
        await coord.CreateAsync("/a").Soon();

        Assert.Equal(WatchEventKind.Created, await NextAsync(events));
        Assert.Equal(2, coord.Session.Epoch);
    }

    [Fact]
    public async Task A_wait_outlives_its_session()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        var gone = coord.WaitForDeletedAsync("/a").AsTask();
        await coord.SyncAsync().Soon();

        cluster.Expire(coord.Session.Id.Value);
        await coord.SyncAsync().Soon();
        cluster.Edit(tree => tree.Delete("/a", -1));

        await gone.Soon();
    }

    // Each waiter in a line takes its turn so: a read behind the event would keep it from that for a round trip.
    [Fact]
    public async Task A_wait_for_a_deletion_asks_once_and_believes_the_event()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        var reads = cluster.SeenOf(OpCode.GetData);
        var gone = coord.WaitForDeletedAsync("/a").AsTask();
        await coord.SyncAsync().Soon();

        // Made again at once: the one that was waited for is gone all the same.
        cluster.Edit(tree =>
        {
            var path = "/a";
            tree.Delete(path, -1);
            tree.Create(ref path, [], CreateMode.Persistent, 0);
        });

        await gone.Soon();
        Assert.Equal(reads + 1, cluster.SeenOf(OpCode.GetData));
    }

    [Fact]
    public async Task A_znode_made_again_while_disconnected_counts_as_deleted()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        var gone = coord.WaitForDeletedAsync("/a").AsTask();
        await coord.SyncAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);

        cluster.Edit(tree =>
        {
            var path = "/a";
            tree.Delete(path, -1);
            tree.Create(ref path, [], CreateMode.Persistent, 0);
        });
        cluster.RefusesHandshakes = false;

        await gone.Soon();
    }

    private static async Task<WatchEventKind> NextAsync(IAsyncEnumerator<WatchEvent> events)
    {
        Assert.True(await events.MoveNextAsync().Soon());
        return events.Current.Kind;
    }
}
