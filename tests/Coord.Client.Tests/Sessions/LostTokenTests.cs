using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>What runs when a session is lost, and what that cannot disturb.</summary>
public sealed class LostTokenTests : IDisposable
{
    private readonly ScriptedCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_callback_that_throws_stops_neither_the_others_nor_the_client()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        var ran = new TaskCompletionSource();
        await using var first = held.LostToken.Register(ran.SetResult);
        await using var second = held.LostToken.Register(() => throw new InvalidOperationException("on purpose"));

        cluster.Expire(coord.Session.Id.Value);
        await ran.Task.Soon();

        await coord.SyncAsync().Soon();
        Assert.Equal(2, coord.Session.Epoch);
    }

    /// <summary>User code must not hold up the threads that keep the session alive.</summary>
    [Fact]
    public async Task A_callback_that_blocks_does_not_hold_up_the_client()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var session = await coord.ConnectAsync().Soon();
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        await using var blocking = session.LostToken.Register(() =>
        {
            entered.SetResult();
            release.Wait();
        });

        cluster.Expire(session.Id.Value);
        await entered.Task.Soon();
        await coord.SyncAsync().Soon();

        Assert.Equal(2, coord.Session.Epoch);
        release.Set();
    }

    [Fact]
    public async Task A_slow_listener_gets_the_latest_state_and_holds_up_nobody()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var events = coord.SessionEvents().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().Soon());
        Assert.Equal(SessionState.Idle, events.Current.State);
        for (var i = 0; i < 20; i++)
        {
            await coord.SyncAsync().Soon();
            cluster.CutAll();
        }

        await coord.DisposeAsync().Soon();

        Assert.True(await events.MoveNextAsync().Soon());
        Assert.Equal(SessionState.Closed, events.Current.State);
        Assert.False(await events.MoveNextAsync().Soon());
    }

    /// <summary>client-sdk.md 9: a lost token is live from the start, and never fires because of release.</summary>
    [Fact]
    public async Task A_token_stays_readable_after_release_and_does_not_fire()
    {
        var coord = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        var fired = false;
        await using var registration = held.LostToken.Register(() => fired = true);

        await held.DisposeAsync().Soon();
        await coord.DisposeAsync().Soon();

        Assert.False(held.LostToken.IsCancellationRequested);
        Assert.False(fired);
        Assert.Equal(HandleState.Released, held.State);
    }

    [Fact]
    public async Task Disposing_the_client_fires_the_tokens_of_what_is_still_held()
    {
        var coord = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();

        await coord.DisposeAsync().Soon();

        Assert.True(held.LostToken.IsCancellationRequested);
        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());
        Assert.Empty(cluster.Look(tree => tree.ChildrenOf("/lock").ToList()));
    }
}
