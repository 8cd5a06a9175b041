namespace Coord.Client.Tests;

/// <summary>Watches, the same on every server.</summary>
public abstract class WatchContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    [Fact]
    public async Task A_stream_tells_what_becomes_of_a_znode()
    {
        await using var events = Coord.WatchAsync(At("a")).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));

        var made = await Coord.CreateAsync(At("a")).Soon();
        Assert.Equal(WatchEventKind.Created, await NextAsync(events));
        Assert.Equal(made.Stat.Czxid, events.Current.Zxid.Value);
        await Coord.SetAsync(At("a"), new byte[1], 0).Soon();
        Assert.Equal(WatchEventKind.DataChanged, await NextAsync(events));
        await Coord.DeleteAsync(At("a")).Soon();
        Assert.Equal(WatchEventKind.Deleted, await NextAsync(events));
        Assert.Equal(At("a"), events.Current.Path);
    }

    [Fact]
    public async Task Changes_that_come_faster_than_they_are_read_arrive_as_what_is_true()
    {
        await using var events = Coord.WatchAsync(At("a")).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));
        await Coord.CreateAsync(At("a")).Soon();
        await Coord.DeleteAsync(At("a")).Soon();
        await Coord.CreateAsync(At("a")).Soon();
        Assert.Equal(WatchEventKind.Created, await NextAsync(events));

        await Coord.DeleteAsync(At("a")).Soon();
        await Coord.CreateAsync(At("a")).Soon();

        Assert.Equal(WatchEventKind.Deleted, await NextAsync(events));
        Assert.Equal(WatchEventKind.Created, await NextAsync(events));
    }

    [Fact]
    public async Task A_stream_of_children_tells_of_their_coming_and_going()
    {
        await using var events = Coord.WatchAsync(At("a"), WatchScope.Children).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));

        await Coord.CreateAsync(At("a")).Soon();
        Assert.Equal(WatchEventKind.Created, await NextAsync(events));
        await Coord.CreateAsync(At("a/b")).Soon();
        Assert.Equal(WatchEventKind.ChildrenChanged, await NextAsync(events));
        await Coord.DeleteAsync(At("a/b")).Soon();
        Assert.Equal(WatchEventKind.ChildrenChanged, await NextAsync(events));
        await Coord.DeleteAsync(At("a")).Soon();
        Assert.Equal(WatchEventKind.Deleted, await NextAsync(events));
    }

    [Fact]
    public async Task A_stream_of_a_tree_tells_of_every_znode_in_it()
    {
        await using var events = Coord.WatchAsync(At("t"), WatchScope.Subtree).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));

        await Coord.CreateAsync(At("t")).Soon();
        await Coord.CreateAsync(At("t/a")).Soon();
        await Coord.SetAsync(At("t/a"), new byte[1], 0).Soon();
        await Coord.SetAsync(At("t/a"), new byte[2], 1).Soon();
        await Coord.DeleteTreeAsync(At("t")).Soon();
        await Coord.CreateAsync(At("t2")).Soon();
        await Coord.CreateAsync(At("t")).Soon();

        (WatchEventKind, string)[] expected =
        [
            (WatchEventKind.Created, At("t")), (WatchEventKind.Created, At("t/a")),
            (WatchEventKind.DataChanged, At("t/a")), (WatchEventKind.DataChanged, At("t/a")),
            (WatchEventKind.Deleted, At("t/a")), (WatchEventKind.Deleted, At("t")), (WatchEventKind.Created, At("t")),
        ];
        foreach (var (kind, path) in expected)
        {
            Assert.Equal(kind, await NextAsync(events));
            Assert.Equal(path, events.Current.Path);
        }
    }

    [Fact]
    public async Task The_end_of_a_stream_of_a_tree_disturbs_nobody_who_waits_there()
    {
        var exists = Coord.WaitForExistsAsync(At("t")).AsTask();
        await using var kept = Coord.WatchAsync(At("t"), WatchScope.Subtree).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(kept));
        await using (var ended = Coord.WatchAsync(At("t"), WatchScope.Subtree).GetAsyncEnumerator())
            Assert.Equal(WatchEventKind.Started, await NextAsync(ended));
        await using (var other = Coord.WatchAsync(Root, WatchScope.Subtree).GetAsyncEnumerator())
            Assert.Equal(WatchEventKind.Started, await NextAsync(other));

        await Coord.SyncAsync().Soon();
        await Coord.CreateAsync(At("t")).Soon();

        await exists.Soon();
        Assert.Equal(WatchEventKind.Created, await NextAsync(kept));
    }

    [Fact]
    public async Task Following_a_znode_ends_with_its_newest_value()
    {
        var other = Connect();
        await using var values = Coord.FollowAsync(At("v")).GetAsyncEnumerator();
        Assert.True(await values.MoveNextAsync().Soon());
        Assert.Null(values.Current);

        await other.CreateAsync(At("v")).Soon();
        for (var i = 1; i <= 100; i++)
            await other.SetAsync(At("v"), BitConverter.GetBytes(i), SetOptions.Overwrite).Soon();

        do
            Assert.True(await values.MoveNextAsync().Soon());
        while (values.Current!.Stat.Version < 100);
        Assert.Equal(100, BitConverter.ToInt32(values.Current.Bytes.Span));
    }

    [Fact]
    public async Task Waits_end_when_a_znode_comes_goes_or_satisfies()
    {
        var other = Connect();
        var exists = Coord.WaitForExistsAsync(At("w")).AsTask();
        var satisfied = Coord.WaitUntilAsync(At("w"), znode => znode?.Stat.Version == 2).AsTask();

        var made = await other.CreateAsync(At("w")).Soon();
        Assert.Equal(made.Stat.Czxid, (await exists.Soon()).Czxid);
        var gone = Coord.WaitForDeletedAsync(At("w")).AsTask();
        await other.SetAsync(At("w"), default, 0).Soon();
        await other.SetAsync(At("w"), default, 1).Soon();
        Assert.Equal(2, (await satisfied.Soon())!.Stat.Version);
        Assert.False(gone.IsCompleted);
        await other.DeleteAsync(At("w")).Soon();
        await gone.Soon();
        await Coord.WaitForDeletedAsync(At("w")).Soon();
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var wait = Coord.WaitForExistsAsync(At("never"), cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Soon());
    }

    /// <summary>Acceptance scenario 18: a reader that reads again on Resynced ends with the true picture.</summary>
    [Fact]
    public async Task A_stream_survives_the_loss_of_its_node()
    {
        await Coord.CreateAsync(At("a")).Soon();
        await using var events = Coord.WatchAsync(At("a")).GetAsyncEnumerator();
        Assert.Equal(WatchEventKind.Started, await NextAsync(events));
        var session = Coord.Session;
        for (var node = 1; node <= 3; node++)
        {
            await Cluster.KillAsync(node).Soon();
            await Coord.SyncAsync().Soon();
            await Cluster.RestartAsync(node);
        }

        Assert.Equal(WatchEventKind.Resynced, await NextAsync(events));
        Assert.Same(session, Coord.Session);
        await Coord.SetAsync(At("a"), default, SetOptions.Overwrite).Soon();
        WatchEventKind last;
        do
            last = await NextAsync(events);
        while (last == WatchEventKind.Resynced);
        Assert.Equal(WatchEventKind.DataChanged, last);
    }

    private static async Task<WatchEventKind> NextAsync(IAsyncEnumerator<WatchEvent> events)
    {
        Assert.True(await events.MoveNextAsync().Soon());
        return events.Current.Kind;
    }
}
