using System.Diagnostics;
using System.Runtime.CompilerServices;
using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>
/// Loggers and listeners are called by the threads that keep the session alive, and where a write is applied or a lock
/// granted already: what they throw must change none of that (client-sdk.md 22).
/// </summary>
public sealed class ThrowingListenerTests : IDisposable
{
    private readonly ScriptedCluster cluster = new();
    private readonly ThrowingLog log = new();
    private readonly ThrowingMeter meter = new();

    public void Dispose()
    {
        cluster.Dispose();
        meter.Dispose();
    }

    [Theory]
    [InlineData("sampled")]
    [InlineData("started")]
    [InlineData("stopped")]
    public async Task Writes_end_as_they_would_have(string at)
    {
        using var spans = new ThrowingSpans(at);
        await using var coord = Connect();

        await coord.CreateAsync("/a").Soon();
        await Assert.ThrowsAsync<NodeExistsException>(() => coord.CreateAsync("/a").Soon());
        Assert.Equal(1, (await coord.SetAsync("/a", new byte[1], 0).Soon()).Version);
        var counter = new DistributedCounter(coord, "/counter");
        Assert.Equal(1, await counter.AddAsync(1).Soon());
        Assert.Equal(3, await counter.AddAsync(2).Soon());
        var gone = coord.WaitForDeletedAsync("/a").AsTask();
        await coord.SyncAsync().Soon();
        await coord.DeleteAsync("/a").Soon();
        await gone.Soon();

        Assert.Same(spans.Root, Activity.Current);
        Assert.NotEqual(0, spans.Thrown);
        Assert.Superset(
            new HashSet<string>
            {
                "coord.client.operation.duration", "coord.client.session.transitions", "coord.client.watch.events",
            },
            meter.Thrown);
    }

    [Theory]
    [InlineData("sampled")]
    [InlineData("started")]
    [InlineData("stopped")]
    public async Task A_lock_is_granted_lost_and_released_all_the_same(string at)
    {
        using var spans = new ThrowingSpans(at);
        await using var coord = Connect();
        var mutex = new DistributedMutex(coord, "/lock", new MutexOptions { TraceHold = true });

        var held = await mutex.AcquireAsync().Soon();
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
        Assert.Empty(Contenders());
        var lost = await mutex.AcquireAsync().Soon();
        cluster.Expire(coord.Session.Id.Value);
        await lost.LostToken.WaitAsync();
        Assert.Equal(ReleaseResult.AlreadyLost, await lost.ReleaseAsync().Soon());
        await using (await mutex.AcquireAsync().Soon())
            Assert.Single(Contenders());

        Assert.Empty(Contenders());
        Assert.Same(spans.Root, Activity.Current);
        Assert.NotEqual(0, spans.Thrown);
        Assert.Superset(
            new HashSet<string>
            {
                "coord.lock.acquire.duration", "coord.lock.hold.duration", "coord.lock.waiters",
            },
            meter.Thrown);
    }

    [Fact]
    public async Task A_session_is_taken_up_again_and_replaced_when_it_is_lost()
    {
        await using var coord = Connect();
        var session = await coord.ConnectAsync().Soon();

        cluster.CutAll();
        await coord.SyncAsync().Soon();
        Assert.Same(session, coord.Session);
        cluster.Expire(session.Id.Value);
        await session.LostToken.WaitAsync();
        await coord.SyncAsync().Soon();

        Assert.Equal((2L, SessionState.Connected), (coord.Session.Epoch, coord.State));
        Assert.NotEqual(0, log.Thrown);
    }

    /// <summary>On the thread of all hearts an exception would end the process.</summary>
    [Fact]
    public async Task The_heart_beats_on_and_gives_the_session_up_when_it_has_to()
    {
        var time = new FakeTimeProvider();
        await using var coord = Connect(time);
        var session = await coord.ConnectAsync().Soon();

        time.Suspend(session.NegotiatedTimeout / 2);
        time.Advance(session.NegotiatedTimeout / 10);
        await coord.SyncAsync().Soon();
        Assert.False(session.IsLost);
        Assert.Superset(
            new HashSet<string> { "coord.client.heartbeat.delay", "coord.client.pause" }, meter.Thrown);
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        time.Advance(session.NegotiatedTimeout);

        Assert.True(session.IsLost);
        Assert.Equal(SessionState.Lost, coord.State);
    }

    [Fact]
    public void A_client_that_nobody_disposed_is_collected()
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(1, log.Thrown);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget() => _ = Connect();

    private List<string> Contenders() => cluster.Look(tree => tree.ChildrenOf("/lock").ToList());

    private CoordClient Connect(TimeProvider? time = null) => new(
        cluster.ConnectionString,
        new CoordClientOptions { LoggerFactory = log, MeterFactory = meter, TimeProvider = time });
}
