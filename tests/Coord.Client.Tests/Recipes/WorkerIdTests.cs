using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Worker ids and the ids made of them (client-sdk.md 11.4).</summary>
public sealed class WorkerIdTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);
    private readonly FakeTimeProvider time = new();

    public void Dispose() => cluster.Dispose();

    /// <summary>Twice the session timeout of 10 s, on the leader's clock.</summary>
    [Fact]
    public async Task A_number_comes_back_when_its_quarantine_is_over()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await (await AcquireAsync(coord)).DisposeAsync().Soon();

        Assert.Equal(1, (await AcquireAsync(coord)).Value);
        cluster.Edit(tree => tree.TimeMs += 19_999);
        Assert.Equal(2, (await AcquireAsync(coord)).Value);
        cluster.Edit(tree => tree.TimeMs += 1);

        Assert.Equal(0, (await AcquireAsync(coord)).Value);
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    [InlineData(FaultKind.HoldBack)]
    public async Task A_lost_reply_neither_takes_two_numbers_nor_leaves_one(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var fault = cluster.On(OpCode.Multi, kind, path => path == "/workers/0");

        var worker = await AcquireAsync(coord);
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(1, cluster.Look(tree => tree.OwnedBy(coord.Session.Id.Value).Count()));
        Assert.Equal(worker.Path, cluster.Look(tree => tree.OwnedBy(coord.Session.Id.Value).Single()));
    }

    [Fact]
    public async Task A_lost_number_says_so_and_makes_no_further_ids()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var worker = await AcquireAsync(coord);
        var ids = new SnowflakeIds(worker);
        await ids.NextAsync().Soon();

        cluster.Expire(coord.Session.Id.Value);
        await worker.LostToken.WaitAsync();

        Assert.False(worker.IsHeld);
        Assert.Throws<LockLostException>(worker.ThrowIfLost);
        await Assert.ThrowsAsync<LockLostException>(() => ids.NextAsync().Soon());
        await worker.DisposeAsync().Soon();
    }

    [Fact]
    public async Task Ids_of_one_millisecond_are_counted_and_the_next_ones_wait()
    {
        await using var coord = Connect();
        var ids = new SnowflakeIds(await AcquireAsync(coord), new SnowflakeOptions { SequenceBits = 1 });
        var first = await ids.NextAsync().Soon();
        var second = await ids.NextAsync().Soon();

        var third = ids.NextAsync().AsTask();
        Assert.False(third.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(first + 1, second);
        Assert.Equal((first >> 11) + 1, await third.Soon() >> 11);
    }

    [Fact]
    public async Task A_clock_that_goes_back_is_waited_for_up_to_five_seconds()
    {
        await using var coord = Connect();
        var ids = new SnowflakeIds(await AcquireAsync(coord));
        var before = await ids.NextAsync().Soon();

        time.Suspend(TimeSpan.FromSeconds(-5));
        var waiting = ids.NextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        time.Suspend(TimeSpan.FromSeconds(-1));
        var error = await Assert.ThrowsAsync<ClockMovedBackException>(() => ids.NextAsync().Soon());
        time.Suspend(TimeSpan.FromSeconds(6));
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(6), error.Behind);
        Assert.True(await waiting.Soon() > before);
    }

    [Fact]
    public async Task A_number_that_does_not_fit_is_refused()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await AcquireAsync(coord);
        await AcquireAsync(coord);
        var third = await AcquireAsync(coord);

        Assert.Throws<ArgumentOutOfRangeException>(
            () => new SnowflakeIds(third, new SnowflakeOptions { WorkerBits = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new SnowflakeIds(third, new SnowflakeOptions { WorkerBits = 12, SequenceBits = 12 }));
    }

    private static Task<WorkerId> AcquireAsync(CoordClient coord) =>
        WorkerId.AcquireAsync(coord, "/workers", 16).Soon();

    private CoordClient Connect() =>
        new(cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
}
