using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Counters on a server that adds by itself (docs/internals/extensions.md, counter-add).</summary>
public sealed class CounterAddTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2) { Features = "session-proof dedupe counter-add" };

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task An_add_is_one_request_and_reads_nothing()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await new DistributedCounter(coord, "/c").AddAsync(5).Soon();
        var (reads, sets) = (cluster.SeenOf(OpCode.GetData), cluster.SeenOf(OpCode.SetData));
        var counter = new DistributedCounter(coord, "/c");

        Assert.Equal(7, await counter.AddAsync(2).Soon());
        Assert.Equal(new CounterChange(false, 7), await counter.TryAddAsync(-8, min: 0).Soon());
        Assert.True(await counter.CompareAndSetAsync(7, -3).Soon());
        Assert.False(await counter.CompareAndSetAsync(7, 0).Soon());
        await Assert.ThrowsAsync<OverflowException>(() => counter.AddAsync(long.MinValue).Soon());
        Assert.Equal(-2, await counter.IncrementAsync().Soon());

        Assert.Equal((reads, sets), (cluster.SeenOf(OpCode.GetData), cluster.SeenOf(OpCode.SetData)));
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    [InlineData(FaultKind.HoldBack)]
    public async Task An_add_whose_reply_is_lost_counts_once(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        var fault = cluster.On(OpCode.Once, kind);

        Assert.Equal(6, await counter.AddAsync(1).Soon());
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(6, await counter.GetAsync().Soon());
    }

    /// <summary>Nobody remembers the reply: that it was added once at most is all that can be said.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.HoldBack)]
    public async Task An_add_of_a_lost_session_has_an_unknown_outcome_and_is_not_sent_again(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.Once, kind);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => adding.Soon());
        Assert.IsType<SessionLostException>(error.InnerException);
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(kind == FaultKind.DropReply ? 6 : 5, await counter.GetAsync().Soon());
    }

    /// <summary>What was sent is waited for as long as a lost write is looked for; a read is not.</summary>
    [Fact]
    public async Task An_outage_longer_than_a_call_leaves_no_doubt_about_an_add_on_its_way()
    {
        var time = new FakeTimeProvider();
        var options = new CoordClientOptions { TimeProvider = time, SessionTimeout = TimeSpan.FromMinutes(5) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        var fault = cluster.On(OpCode.Once, FaultKind.Swallow);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        fault = cluster.On(OpCode.GetData, FaultKind.Swallow);
        var reading = coord.GetAsync("/c").AsTask();
        await fault.Hit.Soon();

        time.Advance(2 * options.RequestTimeout);
        await Assert.ThrowsAsync<OperationTimeoutException>(() => reading.Soon());
        Assert.False(adding.IsCompleted);
        cluster.CutAll();

        Assert.Equal(6, await adding.Soon());
    }

    [Fact]
    public async Task A_server_that_does_not_add_is_read_and_set_as_ever()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        await MoveAsync(coord, "session-proof dedupe");

        Assert.Equal(6, await counter.AddAsync(1).Soon());
        Assert.Equal(2, cluster.SeenOf(OpCode.SetData));
    }

    [Fact]
    public async Task Both_ways_leave_the_same_bytes()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        for (var i = 0; i < 20; i++)
            await counter.AddAsync(i).Soon();
        await MoveAsync(coord, null);

        Assert.Equal(191, await counter.AddAsync(1).Soon());
        var bytes = cluster.Look(tree => CounterBytes.Read("/c", tree.Find("/c")!.Bytes, 0));
        Assert.Equal((191, WriteTags.Max), (bytes.Value, bytes.Tags.Count));
    }

    private async Task MoveAsync(CoordClient coord, string? features)
    {
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Features = features;
        cluster.RefusesHandshakes = false;
    }
}
