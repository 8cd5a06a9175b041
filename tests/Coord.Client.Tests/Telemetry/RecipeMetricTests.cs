using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>What meters hear of locks and counters (client-sdk.md 18).</summary>
public sealed class RecipeMetricTests : IDisposable
{
    private readonly ScriptedCluster cluster = new();
    private readonly MetricProbe probe = new();

    public void Dispose()
    {
        cluster.Dispose();
        probe.Dispose();
    }

    [Theory]
    [InlineData("coord.lock.acquire.duration", "s")]
    [InlineData("coord.lock.hold.duration", "s")]
    [InlineData("coord.lock.lost", "{lock}")]
    [InlineData("coord.lock.waiters", "{contender}")]
    [InlineData("coord.counter.attempts", "{attempt}")]
    public async Task Instruments_have_the_names_and_units_of_the_specification(string name, string unit)
    {
        await using var coord = Connect();
        _ = new DistributedMutex(coord, "/locks/a");
        _ = new DistributedMutex(coord, "/locks/b");
        _ = new DistributedCounter(coord, "/counters/a");

        Assert.Equal(unit, probe.Instruments[name].Unit);
    }

    [Fact]
    public async Task Acquiring_and_holding_are_measured_by_kind_and_name()
    {
        await using var coord = Connect();
        var upgradeable = new DistributedUpgradeableLock(coord, "/locks/g");
        await using (await new DistributedMutex(coord, "/locks/a").AcquireAsync().Soon())
        await using (await new DistributedReadWriteLock(coord, "/locks/b").AcquireReadAsync().Soon())
        await using (await new DistributedReadWriteLock(coord, "/locks/c").AcquireWriteAsync().Soon())
        await using (await new DistributedSemaphore(coord, "/locks/d", limit: 2).AcquireAsync().Soon())
        await using (var reading = await upgradeable.AcquireUpgradeableAsync().Soon())
        await using (await reading.UpgradeAsync().Soon())
        await using (await new SingleZnodeLock(coord, "/locks/e").AcquireAsync().Soon())
        await using (await new TimedLock(coord, "/locks/f", Lasting).AcquireAsync().Soon())
            Assert.Empty(probe.Of("coord.lock.hold.duration"));

        foreach (var (kind, name) in (ReadOnlySpan<(string, string)>)[
            ("mutex", "a"), ("read", "b"), ("write", "c"), ("semaphore", "d"), ("single_znode", "e"), ("timed", "own"),
            ("upgradeable", "g"), ("upgrade", "g")])
        {
            string[] tags = [$"coord.lock.kind={kind}", $"coord.lock.name={name}"];
            Assert.InRange(
                probe.ValueOf("coord.lock.acquire.duration", [.. tags, "coord.lock.result=granted"]), 1e-9, 60);
            Assert.InRange(
                probe.ValueOf("coord.lock.hold.duration", [.. tags, "coord.lock.result=released"]), 1e-9, 60);
        }

        Assert.Empty(probe.Of("coord.lock.lost"));
    }

    [Fact]
    public async Task A_lock_that_was_not_to_be_had_is_measured_as_such()
    {
        await using var coord = Connect();
        var held = new DistributedMutex(coord, "/locks/a");
        await using var first = await held.AcquireAsync().Soon();
        Assert.Null(await held.TryAcquireAsync().Soon());

        probe.ValueOf(
            "coord.lock.acquire.duration", "coord.lock.kind=mutex", "coord.lock.name=a",
            "coord.lock.result=not_granted");
    }

    [Fact]
    public async Task A_lost_lock_is_counted_with_the_reason()
    {
        await using var coord = Connect();
        string[] tags = ["coord.lock.kind=mutex", "coord.lock.name=a"];
        var mutex = new DistributedMutex(coord, "/locks/a");
        var first = await mutex.AcquireAsync().Soon();
        cluster.Edit(tree => tree.Delete(first.Path, -1));
        Assert.False(await first.VerifyAsync().Soon());
        await EndedAsync(1);
        Assert.Equal(1, probe.ValueOf("coord.lock.lost", [.. tags, "coord.lock.reason=znode_gone"]));

        await using var second = await mutex.AcquireAsync(null, AcquireOptions.Independent).Soon();
        cluster.Expire(coord.Session.Id.Value);
        await second.LostToken.WaitAsync();
        await EndedAsync(2);

        Assert.Equal(1, probe.ValueOf("coord.lock.lost", [.. tags, "coord.lock.reason=session_lost"]));
        await first.ReleaseAsync().Soon();
        Assert.Equal(2, probe.Of("coord.lock.hold.duration").Count);
    }

    /// <summary>A release on waking comes before the heartbeat that would have found the session over.</summary>
    [Fact]
    public async Task A_lock_found_lost_at_its_release_is_counted_and_traced_as_lost()
    {
        var time = new FakeTimeProvider();
        using var spans = new SpanProbe();
        await using var coord = Connect(time);
        var mutex = new DistributedMutex(coord, "/locks/a", new MutexOptions { TraceHold = true });
        var held = await mutex.AcquireAsync().Soon();

        time.Suspend(2 * coord.Session.NegotiatedTimeout);
        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());

        Assert.False(held.LostToken.IsCancellationRequested);
        string[] tags = ["coord.lock.kind=mutex", "coord.lock.name=a"];
        Assert.Equal(1, probe.ValueOf("coord.lock.lost", [.. tags, "coord.lock.reason=session_lost"]));
        probe.ValueOf("coord.lock.hold.duration", [.. tags, "coord.lock.result=lost"]);
        var hold = Assert.Single(spans.Named("coord hold"));
        Assert.Contains("coord.lock.reason=session_lost", SpanProbe.TagsOf(hold));
        Assert.Single(probe.Of("coord.lock.hold.duration"));
    }

    [Fact]
    public async Task Who_waits_says_how_many_stand_behind_the_holder()
    {
        await using var coord = Connect();
        await using var other = Connect();
        await using var held = await new DistributedMutex(coord, "/locks/a").AcquireAsync().Soon();
        Assert.Equal(0, probe.ValueOf("coord.lock.waiters", "coord.lock.kind=mutex", "coord.lock.name=a"));

        using var stop = new CancellationTokenSource();
        var waiting = new DistributedMutex(other, "/locks/a").AcquireAsync(ct: stop.Token).AsTask();
        await MeasuredAsync("coord.lock.waiters", 2);
        Assert.Equal(1, probe.Of("coord.lock.waiters")[^1].Value);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        Assert.Equal(0, probe.Of("coord.lock.waiters")[^1].Value);
        probe.ValueOf(
            "coord.lock.acquire.duration", "coord.lock.kind=mutex", "coord.lock.name=a", "coord.lock.result=cancelled");
    }

    [Fact]
    public async Task A_counters_conflicts_show_as_attempts()
    {
        await using var coord = Connect();
        var counter = new DistributedCounter(coord, "/counters/a", new CounterOptions { Name = "sales" });
        await counter.AddAsync(1).Soon();
        cluster.Edit(tree => tree.Set("/counters/a", tree.Find("/counters/a")!.Bytes, -1));
        await counter.AddAsync(1).Soon();

        // Measured behind the answer.
        await MeasuredAsync("coord.counter.attempts", 2);
        var attempts = probe.Of("coord.counter.attempts");
        Assert.All(attempts, one => Assert.Equal(["coord.counter.name=sales", "coord.counter.combined=1"], one.Tags));
        Assert.Equal([1, 2], attempts.Select(one => one.Value));
    }

    private static TimedLockOptions Lasting { get; } = new() { Duration = TimeSpan.FromMinutes(1), Name = "own" };

    // A lost token's callbacks run on the pool.
    private Task EndedAsync(int holds) => MeasuredAsync("coord.lock.hold.duration", holds);

    private Task MeasuredAsync(string name, int times) => Task.Run(async () =>
    {
        while (probe.Of(name).Count < times)
            await Task.Yield();
    }).Soon();

    private CoordClient Connect(TimeProvider? time = null) =>
        new(cluster.ConnectionString, new CoordClientOptions { MeterFactory = probe, TimeProvider = time });
}
