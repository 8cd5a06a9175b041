using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Counters under lost replies: never a silent double count (client-sdk.md 11.1).</summary>
public sealed class CounterFaultTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Theory]
    [InlineData(OpCode.Create2, FaultKind.DropReply)]
    [InlineData(OpCode.Create2, FaultKind.DropRequest)]
    [InlineData(OpCode.SetData, FaultKind.DropReply)]
    [InlineData(OpCode.SetData, FaultKind.DropRequest)]
    [InlineData(OpCode.SetData, FaultKind.HoldBack)]
    public async Task An_add_whose_reply_is_lost_counts_once(OpCode step, FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        if (step == OpCode.SetData)
            await counter.AddAsync(5).Soon();
        var fault = cluster.On(step, kind);

        var value = await counter.AddAsync(1).Soon();
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(step == OpCode.SetData ? 6 : 1, value);
        Assert.Equal(value, await counter.GetAsync().Soon());
    }

    /// <summary>
    /// Acceptance scenario 11: the loser's write is refused while it is away, or later; it cannot take the winner's 6
    /// for its own.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_writers_from_5_to_6_make_7_though_the_losers_reply_is_lost(bool isRefusedMeanwhile)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        var loser = new DistributedCounter(coord, "/c");
        await loser.AddAsync(5).Soon();
        var winner = new DistributedCounter(other, "/c");
        Assert.Equal(5, await winner.GetAsync().Soon());
        var fault = cluster.On(OpCode.SetData, FaultKind.HoldBack);
        cluster.RefusesHandshakes = true;
        var losing = loser.AddAsync(1).AsTask();
        await fault.Hit.Soon();

        Assert.Equal(6, await winner.AddAsync(1).Soon());
        if (isRefusedMeanwhile)
            fault.Deliver();
        cluster.RefusesHandshakes = false;
        Assert.Equal(7, await losing.Soon());
        if (!isRefusedMeanwhile)
            fault.Deliver();

        Assert.Equal(7, await winner.GetAsync().Soon());
    }

    [Fact]
    public async Task A_write_of_a_lost_session_is_resolved_by_its_tag_in_the_next()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.DropReply);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        Assert.Equal(6, await adding.Soon());
        Assert.Equal(6, await counter.GetAsync().Soon());
    }

    [Fact]
    public async Task A_foreign_writer_that_cuts_the_tags_makes_the_outcome_unknown()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.DropReply);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Edit(tree => tree.Set("/c", [0, 0, 0, 0, 0, 0, 0, 100], -1));
        cluster.RefusesHandshakes = false;

        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => adding.Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
        Assert.Equal(100, await counter.GetAsync().Soon());
    }

    /// <summary>
    /// Acceptance scenario 24: the write comes late, while the client has given its session up and the server has not.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_of_a_session_given_up_that_comes_late_counts_once(bool comesBeforeTheLook)
    {
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(2) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.HoldBack);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        await coord.Session.LostToken.WaitAsync();

        if (comesBeforeTheLook)
            fault.Deliver();
        cluster.RefusesHandshakes = false;
        Assert.Equal(6, await adding.Soon());
        if (!comesBeforeTheLook)
            fault.Deliver();

        Assert.Equal(6, await counter.GetAsync().Soon());
    }

    [Fact]
    public async Task What_forbids_to_look_leaves_the_outcome_unknown()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.On(OpCode.SetData, FaultKind.DropReply);
        cluster.Refuse(OpCode.GetData, ErrorCode.NoAuth, path => path == "/c");

        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => counter.AddAsync(1).Soon());

        Assert.IsType<NoAuthException>(error.InnerException);
        Assert.Equal(6, await counter.GetAsync().Soon());
    }

    [Theory]
    [InlineData(FaultKind.DropReply, 15, 6)]
    [InlineData(FaultKind.DropReply, 16, null)]
    [InlineData(FaultKind.DropRequest, 16, 22)]
    [InlineData(FaultKind.DropRequest, 17, null)]
    public async Task A_lost_write_is_told_from_others_as_far_as_the_tags_reach(FaultKind kind, int others, int? value)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, kind);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Edit(tree =>
        {
            var bytes = CounterBytes.Read("/c", tree.Find("/c")!.Bytes, 0);
            for (ulong tag = 1; tag <= (ulong)others; tag++)
                tree.Set("/c", (bytes = bytes.Next(bytes.Value + 1, tag, 0)).ToArray(), -1);
        });
        cluster.RefusesHandshakes = false;

        if (value is null)
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => adding.Soon());
        else
            Assert.Equal((long)value.Value, await adding.Soon());
        var isCounted = kind == FaultKind.DropReply || value is not null;
        Assert.Equal(5 + others + (isCounted ? 1 : 0), await counter.GetAsync().Soon());
    }

    /// <summary>Version −1 means "any version" on the wire: nobody may set with it.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task A_version_of_minus_one_is_stepped_past(FaultKind? kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.Edit(tree => tree.Find("/c")!.Version = -2);
        await counter.AddAsync(1).Soon();
        Assert.Equal(-1, cluster.Look(tree => tree.Find("/c")!.Version));
        if (kind is { } step)
            cluster.On(OpCode.Multi, step, path => path.StartsWith("/c-queue/", StringComparison.Ordinal));

        Assert.Equal(7, await counter.AddAsync(1).Soon());

        Assert.True(cluster.Look(tree => tree.Find("/c")!.Version) > 0);
        await QueueIsEmptyAsync(coord);
    }

    [Fact]
    public async Task The_loser_of_eight_conflicts_queues_behind_a_mutex()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await new DistributedCounter(coord, "/c").AddAsync(5).Soon();
        for (var i = 0; i < 7; i++)
            cluster.Refuse(OpCode.SetData, ErrorCode.BadVersion);
        Assert.Equal(6, await counter.AddAsync(1).Soon());
        Assert.Null(cluster.Look(tree => tree.Find("/c-queue")));

        for (var i = 0; i < 10; i++)
            cluster.Refuse(OpCode.SetData, ErrorCode.BadVersion);
        Assert.Equal(7, await counter.AddAsync(1).Soon());

        Assert.NotNull(cluster.Look(tree => tree.Find("/c-queue")));
        await QueueIsEmptyAsync(coord);
    }

    /// <summary>Acceptance scenario 22, cancelled during: a call whose write was not sent yet is not counted.</summary>
    [Fact]
    public async Task A_call_cancelled_behind_a_write_under_way_is_not_counted()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.DropRequest);
        var first = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        using var cancel = new CancellationTokenSource();
        var second = counter.AddAsync(10, cancel.Token).AsTask();
        var third = counter.AddAsync(100).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
        cluster.RefusesHandshakes = false;

        Assert.Equal((6, 106), (await first.Soon(), await third.Soon()));
    }

    /// <summary>
    /// Acceptance scenario 10: with replies lost at random the value equals the adds that were acknowledged.
    /// </summary>
    [Fact]
    public async Task Every_acknowledged_add_counts_exactly_once_under_random_losses()
    {
        const int Clients = 50;
        const int AddsEach = 4;
        var random = new Random(7);
        var clients = Enumerable.Range(0, Clients).Select(_ => new CoordClient(cluster.ConnectionString)).ToList();
        await Task.WhenAll(clients.Select(client => client.ConnectAsync().Soon()));
        cluster.Randomly(op => op is OpCode.SetData or OpCode.Create2 && random.Next(5) == 0
            ? random.Next(2) == 0 ? FaultKind.DropReply : FaultKind.DropRequest
            : null);
        var probe = new CounterProbe();

        await Task.WhenAll(clients.Select(async client =>
        {
            var counter = new DistributedCounter(client, "/c");
            for (var i = 0; i < AddsEach; i++)
                await probe.AddAsync(1, () => counter.IncrementAsync());
        })).WaitAsync(TimeSpan.FromMinutes(2));
        cluster.Randomly(null);
        var value = await new DistributedCounter(clients[0], "/c").GetAsync().Soon();
        foreach (var client in clients)
            await client.DisposeAsync().Soon();

        probe.Verify(value);
        Assert.Equal(Clients * AddsEach, probe.Acknowledged + probe.Unknown);
        Assert.True(probe.Acknowledged > Clients * AddsEach / 2, $"only {probe.Acknowledged} were resolved");
    }

    // The turn is given back behind the last call's result.
    private static async Task QueueIsEmptyAsync(CoordClient coord)
    {
        foreach (var name in (await coord.GetChildrenAsync("/c-queue").Soon()).Names)
            await coord.WaitForDeletedAsync($"/c-queue/{name}").Soon();
    }
}
