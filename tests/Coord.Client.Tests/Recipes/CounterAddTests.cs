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

    // Danger: whoever came before the znode was there goes on by himself, and loses against all others for ever.
    [Fact]
    public async Task Who_makes_the_counter_leaves_the_adding_to_the_server_as_soon_as_it_can()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        cluster.Refuse(OpCode.SetData, ErrorCode.BadVersion);

        Assert.Equal(5, await new DistributedCounter(coord, "/c").AddAsync(5).Soon());
        Assert.Equal(1, cluster.SeenOf(OpCode.SetData));
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

    /// <summary>The first copy is known by its tag, or is certainly not coming any more.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply, 0)]
    [InlineData(FaultKind.DropRequest, 0)]
    [InlineData(FaultKind.HoldBack, 0)]
    [InlineData(FaultKind.DropReply, 5)]
    [InlineData(FaultKind.DropRequest, 5)]
    [InlineData(FaultKind.HoldBack, 5)]
    public async Task An_add_of_a_lost_session_counts_once_also_among_those_of_others(FaultKind kind, int others)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        await other.ConnectAsync().Soon();
        var (adding, fault) = await LoseAsync(coord, () => counter.AddAsync(1), kind);
        for (var i = 0; i < others; i++)
            cluster.Edit(tree => AddAs(tree, (ulong)i, 10));
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        // Its own value, and not the present one: what others added behind it is none of its business.
        Assert.Equal(kind == FaultKind.DropReply ? 6 : 6 + (10 * others), await adding.Soon());
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(6 + (10 * others), await counter.GetAsync().Soon());
        Assert.Equal(6 + (10 * others), await new DistributedCounter(other, "/c").GetAsync().Soon());
    }

    /// <summary>Each call combined in it gets the value that it had, or would have had, the first time.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply, 1)]
    [InlineData(FaultKind.DropRequest, 4)]
    public async Task Bounds_are_judged_where_the_add_took_effect(FaultKind kind, long left)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(2).Soon();
        var (adding, _) = await LoseAsync(coord, () => counter.TryAddAsync(-1, min: 1), kind);
        cluster.Edit(tree => AddAs(tree, 1, 3));
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        Assert.Equal(new CounterChange(true, left), await adding.Soon());
        Assert.Equal(4, await counter.GetAsync().Soon());
    }

    /// <summary>As by tags without the server: CounterFaultTests has the same numbers.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply, 15, 6)]
    [InlineData(FaultKind.DropReply, 16, null)]
    [InlineData(FaultKind.DropRequest, 16, 22)]
    [InlineData(FaultKind.DropRequest, 17, null)]
    public async Task An_add_of_a_lost_session_is_told_from_others_as_far_as_the_tags_reach(
        FaultKind kind, int others, int? value)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        var (adding, _) = await LoseAsync(coord, () => counter.AddAsync(1), kind);
        for (var i = 0; i < others; i++)
            cluster.Edit(tree => AddAs(tree, (ulong)i, 1));
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        if (value is null)
            Assert.IsType<SessionLostException>(
                (await Assert.ThrowsAsync<OutcomeUnknownException>(() => adding.Soon())).InnerException);
        else
            Assert.Equal((long)value.Value, await adding.Soon());
        var isCounted = kind == FaultKind.DropReply || value is not null;
        Assert.Equal(5 + others + (isCounted ? 1 : 0), await counter.GetAsync().Soon());
    }

    // Danger: the zxids of a wiped cluster begin anew, so a counter made since looks as if all its tags were there.
    [Fact]
    public async Task Behind_a_reset_of_the_cluster_an_add_that_was_sent_before_is_unknown()
    {
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(4) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        var (adding, _) = await LoseAsync(coord, () => counter.AddAsync(1), FaultKind.DropReply);
        cluster.Wipe();
        cluster.Edit(tree =>
        {
            var path = "/c";
            Assert.Equal(ErrorCode.Ok, tree.Create(ref path, [], CreateMode.Persistent, 0));
            AddAs(tree, 1, 3);
        });
        cluster.RefusesHandshakes = false;

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => adding.Soon());
        Assert.True(coord.Session.FollowsClusterReset);
    }

    public static TheoryData<string> Losses => ["a foreign writer", "deleted", "made again"];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Where_the_tags_are_gone_the_outcome_is_unknown_and_nothing_is_added(string how)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        var (adding, _) = await LoseAsync(coord, () => counter.AddAsync(1), FaultKind.DropReply);
        cluster.Edit(tree =>
        {
            var path = "/c";
            if (how == "a foreign writer")
                tree.Set(path, [0, 0, 0, 0, 0, 0, 0, 100], -1);
            else
                tree.Delete(path, -1);
            if (how == "made again")
                tree.Create(ref path, [0, 0, 0, 0, 0, 0, 0, 100], CreateMode.Persistent, 0);
        });
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => adding.Soon());
        Assert.Equal(how == "deleted" ? 0 : 100, await counter.GetAsync().Soon());
    }

    /// <summary>
    /// Acceptance scenario 24: the add comes late, while the client has given its session up and the server has not.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_add_of_a_session_given_up_waits_until_the_server_ends_it(bool comesLate)
    {
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(2) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        var given = coord.Session;
        var (adding, fault) = await LoseAsync(coord, () => counter.AddAsync(1), FaultKind.HoldBack);
        await given.LostToken.WaitAsync();

        // Asked again, and told that the first copy can still come.
        var asked = cluster.On(OpCode.Once, FaultKind.DropReply);
        cluster.RefusesHandshakes = false;
        await asked.Hit.Soon();
        Assert.Equal(5, await counter.GetAsync().Soon());
        if (comesLate)
            fault.Deliver();
        cluster.Expire(given.Id.Value);

        Assert.Equal(6, await adding.Soon());
        if (!comesLate)
            fault.Deliver();
        Assert.Equal(6, await counter.GetAsync().Soon());
    }

    /// <summary>A copy sent again may be lost with its session too: all are the same write.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task An_add_that_loses_one_session_after_the_other_counts_once(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        var (adding, _) = await LoseAsync(coord, () => counter.AddAsync(1), FaultKind.DropRequest);
        for (var i = 0; i < 3; i++)
        {
            var again = cluster.On(OpCode.Once, kind, _ => cluster.RefusesHandshakes = true);
            cluster.Expire(coord.Session.Id.Value);
            cluster.RefusesHandshakes = false;
            await again.Hit.Soon();
            await coord.WaitForAsync(SessionState.Suspended);
        }

        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;
        Assert.Equal(6, await adding.Soon());
        Assert.Equal(6, await counter.GetAsync().Soon());
    }

    /// <summary>What was sent does not end with the time of its call; a read does.</summary>
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
        Assert.Equal((191, LastWrites.Max), (bytes.Value, bytes.Writes.Count));
    }

    private static void AddAs(ScriptedTree tree, ulong tag, long delta)
    {
        var node = tree.Find("/c")!;
        var counter = CounterBytes.Read("/c", node.Bytes, 0);
        tree.Set("/c", counter.Next(counter.Value + delta, tag, node.Mzxid).ToArray(), -1);
    }

    /// <summary>An add under way whose reply is lost, and nobody to ask about it.</summary>
    private async Task<(Task<T> Adding, Fault Fault)> LoseAsync<T>(
        CoordClient coord, Func<ValueTask<T>> add, FaultKind kind)
    {
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.Once, kind);
        var adding = add().AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        return (adding, fault);
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
