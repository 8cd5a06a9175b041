using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Each fault of the test kit does what it says, on both ways that clients take.</summary>
public sealed class FaultTests
{
    private static readonly CoordTestClusterOptions Standing = new() { TimeStandsStill = true };
    private static readonly CreateOptions Sequential = new() { Mode = CreateMode.PersistentSequential };

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task A_reply_that_is_lost_leaves_a_write_done_and_a_request_that_is_lost_does_not(
        bool isReply, int made)
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await coord.CreateAsync("/q").Soon();
        var fault = isReply
            ? cluster.Faults.DropNextReply(coord, RequestKind.Create)
            : cluster.Faults.DropNextRequest(coord, RequestKind.Create);

        await other.CreateAsync("/other").Soon();
        Assert.False(fault.Hit.IsCompleted);
        var lost = await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.CreateAsync("/q/n-", default, Sequential).Soon());

        await fault.Hit.Soon();
        Assert.Equal(Outcome.Unknown, lost.Outcome);
        Assert.Equal(made, (await other.GetChildrenAsync("/q", ReadOptions.Fresh).Soon()).Names.Count);
        await coord.CreateAsync("/q/n-", default, Sequential).Soon();
        Assert.Equal(made + 1, (await other.GetChildrenAsync("/q", ReadOptions.Fresh).Soon()).Names.Count);
    }

    /// <summary>Acceptance scenario 24, judged by the node's own rules.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_held_back_is_refused_once_the_session_went_on_elsewhere(bool asZooKeeper)
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, new() { AsZooKeeper = asZooKeeper });
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/a").Soon();
        var session = coord.Session;
        var fault = cluster.Faults.HoldBackNextRequest(coord, RequestKind.Set, path => path == "/a");

        var lost = await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.SetAsync("/a", new byte[1], SetOptions.Overwrite).Soon());
        Assert.Equal(Outcome.Unknown, lost.Outcome);
        await coord.SyncAsync().Soon();
        fault.Deliver();

        Assert.Same(session, coord.Session);
        Assert.Equal(0, (await coord.GetAsync("/a", ReadOptions.Fresh).Soon()).Stat.Version);
        Assert.Throws<InvalidOperationException>(fault.Deliver);
    }

    /// <summary>The node does not know that the client has gone, and takes it for what it is.</summary>
    [Fact]
    public async Task A_write_held_back_is_carried_out_while_the_session_is_nowhere_else()
    {
        await using var cluster = await CoordTestCluster.StartAsync(1, Standing);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await coord.CreateAsync("/a").Soon();
        var fault = cluster.Faults.HoldBackNextRequest(coord, RequestKind.Set);
        cluster.Faults.ShutOut(coord);
        var write = coord.SetAsync("/a", new byte[1], SetOptions.Overwrite).AsTask();
        await fault.Hit.Soon();

        fault.Deliver();

        Assert.Equal(1, (await other.GetAsync("/a").Soon()).Stat.Version);
        cluster.Faults.Heal(coord);
        await Assert.ThrowsAsync<ConnectionLossException>(() => cluster.PassAsync(write)).Soon();
    }

    [Fact]
    public async Task A_swallowed_reply_is_found_out_by_silence()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
        await using var coord = cluster.CreateClient();
        var session = await coord.ConnectAsync().Soon();
        var began = cluster.Time.GetTimestamp();
        var fault = cluster.Faults.SwallowNextReply(coord, RequestKind.Create);

        var write = coord.CreateAsync("/e", default, new CreateOptions { Mode = CreateMode.Ephemeral }).AsTask();
        await fault.Hit.Soon();
        await cluster.PassAsync(write).Soon();

        var took = cluster.Time.GetElapsedTime(began);
        Assert.InRange(took, session.NegotiatedTimeout / 2, session.NegotiatedTimeout);
        Assert.Same(session, coord.Session);
    }

    /// <summary>Its connection has lost all that follows by the time it comes.</summary>
    [Fact]
    public async Task A_request_that_is_lost_in_silence_uses_up_no_fault()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await other.CreateAsync("/q").Soon();
        var swallowed = cluster.Faults.SwallowNextReply(coord, RequestKind.Create);
        var dropped = cluster.Faults.DropNextReply(coord, RequestKind.Create);

        // What waits for a connection goes out in one piece: the second is there when the first is swallowed.
        cluster.Faults.ShutOut(coord);
        var first = coord.CreateAsync("/q/n-", default, Sequential).AsTask();
        var second = coord.CreateAsync("/q/n-", default, Sequential).AsTask();
        cluster.Faults.Heal(coord);
        await swallowed.Hit.Soon();
        cluster.Faults.Heal(coord);
        await Assert.ThrowsAsync<ConnectionLossException>(() => first.Soon());
        await Assert.ThrowsAsync<ConnectionLossException>(() => second.Soon());
        Assert.False(dropped.Hit.IsCompleted);

        await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.CreateAsync("/q/n-", default, Sequential).Soon());
        await dropped.Hit.Soon();
        Assert.Equal(2, cluster.Faults.CountOf(RequestKind.Create, coord));
        Assert.Equal(2, (await other.GetChildrenAsync("/q", ReadOptions.Fresh).Soon()).Names.Count);
    }

    [Fact]
    public async Task A_refusal_comes_in_its_turn()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        cluster.Faults.RefuseNext(coord, RequestKind.Create, ErrorCode.QuotaExceeded, path => path == "/b");

        var a = coord.CreateAsync("/a").AsTask();
        var b = coord.CreateAsync("/b").AsTask();
        var c = coord.CreateAsync("/c").AsTask();
        await Task.WhenAll(a, c).Soon();

        await Assert.ThrowsAsync<QuotaExceededException>(() => b.Soon());
        Assert.Null(await coord.ExistsAsync("/b").Soon());
    }

    [Fact]
    public async Task A_delay_is_the_clusters_time()
    {
        await using var cluster = await CoordTestCluster.StartAsync(1, Standing);
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/a").Soon();
        var fault = cluster.Faults.Delay(RequestKind.Multi, TimeSpan.FromSeconds(2));

        var multi = coord.CreateMulti().Set("/a", new byte[1], 0).CommitAsync().AsTask();
        await cluster.PassAsync(TimeSpan.FromSeconds(1)).Soon();
        Assert.False(fault.Hit.IsCompleted);
        await cluster.PassAsync(multi).Soon();

        await fault.Hit.Soon();
        Assert.Equal(1, (await coord.GetAsync("/a").Soon()).Stat.Version);
    }

    [Fact]
    public async Task A_delayed_request_whose_connection_is_cut_is_lost_and_no_hit()
    {
        var delay = TimeSpan.FromHours(1);
        await using var cluster = await CoordTestCluster.StartAsync(1);
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/a").Soon();
        var fault = cluster.Faults.Delay(RequestKind.Set, delay, coord);

        var write = coord.SetAsync("/a", new byte[1], SetOptions.Overwrite).AsTask();
        await cluster.Time.TimerAsync(length => length == delay).Soon();
        cluster.Faults.Cut(coord);

        await Assert.ThrowsAsync<ConnectionLossException>(() => write.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fault.Hit.Soon());
        Assert.Equal(0, cluster.Faults.CountOf(RequestKind.Set, coord));
        await coord.SetAsync("/a", new byte[1], SetOptions.Overwrite).Soon();
        Assert.Equal(1, cluster.Faults.CountOf(RequestKind.Set, coord));
        Assert.Equal(1, (await coord.GetAsync("/a").Soon()).Stat.Version);
    }

    [Fact]
    public async Task What_throws_as_it_chooses_paths_ends_its_fault_and_one_connection()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await coord.CreateAsync("/q").Soon();
        var fault = cluster.Faults.RefuseNext(
            coord, RequestKind.Create, ErrorCode.QuotaExceeded, path => throw new FormatException(path));

        await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.CreateAsync("/q/n-", default, Sequential).Soon());

        var thrown = await Assert.ThrowsAsync<FormatException>(() => fault.Hit.Soon());
        Assert.Equal("/q/n-", thrown.Message);
        Assert.Empty((await other.GetChildrenAsync("/q", ReadOptions.Fresh).Soon()).Names);
        await coord.CreateAsync("/q/n-", default, Sequential).Soon();
        Assert.Single((await other.GetChildrenAsync("/q", ReadOptions.Fresh).Soon()).Names);
    }

    /// <summary>No node gives this reply: the cluster itself says that there are no features.</summary>
    [Fact]
    public async Task The_reply_about_features_can_be_lost_where_there_are_none()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, new() { AsZooKeeper = true });
        await using var coord = cluster.CreateClient();
        static bool IsFeatures(string path) => path == "/zookeeper/coord/features";
        var first = cluster.Faults.DropNextReply(coord, RequestKind.Get, IsFeatures);
        var second = cluster.Faults.DropNextReply(coord, RequestKind.Get, IsFeatures);

        await coord.ConnectAsync().Soon();

        await first.Hit.Soon();
        await second.Hit.Soon();
    }

    [Fact]
    public async Task Time_that_passes_asks_through_the_client_itself()
    {
        await using var cluster = await CoordTestCluster.StartAsync(1, Standing);
        await using var coord = cluster.CreateClient();
        await coord.ConnectAsync().Soon();
        var fault = cluster.Faults.DropNextReply(coord, RequestKind.Sync);

        await cluster.PassAsync(fault.Hit).Soon();

        Assert.True(cluster.Faults.CountOf(RequestKind.Sync, coord) > 1);
    }

    [Fact]
    public async Task A_partition_lasts_until_it_is_healed_and_hits_one_client()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        var session = await coord.ConnectAsync().Soon();
        await other.ConnectAsync().Soon();

        cluster.Faults.Partition(coord);
        await coord.WaitForAsync(SessionState.Suspended);
        await cluster.PassAsync(session.NegotiatedTimeout / 2).Soon();
        Assert.Equal((SessionState.Suspended, SessionState.Connected), (coord.State, other.State));
        cluster.Faults.Heal(coord);
        await cluster.PassAsync(coord.WaitForAsync(SessionState.Connected)).Soon();

        Assert.Same(session, coord.Session);
    }

    [Fact]
    public async Task Silence_costs_the_session_at_its_deadline()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
        await using var coord = cluster.CreateClient();
        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        var session = coord.Session;

        cluster.Faults.Silence(coord);
        await cluster.PassAsync(session.NegotiatedTimeout / 2).Soon();
        Assert.False(session.IsLost);
        await cluster.PassAsync(session.NegotiatedTimeout / 2).Soon();

        Assert.True(held.LostToken.IsCancellationRequested);
        cluster.Faults.Heal(coord);
        await cluster.PassAsync(coord.WaitForAsync(SessionState.Connected)).Soon();
        Assert.NotSame(session, coord.Session);
    }

    [Fact]
    public async Task A_client_that_was_cut_comes_back_and_requests_are_counted()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await coord.CreateAsync("/a").Soon();
        await other.GetAsync("/a", ReadOptions.Fresh).Soon();

        cluster.Faults.Cut(coord);
        await coord.CreateAsync("/b").Soon();

        Assert.Equal(2, cluster.Faults.CountOf(RequestKind.Create, coord));
        Assert.Equal(0, cluster.Faults.CountOf(RequestKind.Create, other));
        Assert.Equal(2, cluster.Faults.CountOf(RequestKind.Create));
    }

    /// <summary>It makes no other connection by then, so nobody could answer it.</summary>
    [Fact]
    public async Task A_client_whose_connection_breaks_as_it_closes_does_not_wait()
    {
        await using var cluster = await CoordTestCluster.StartAsync(1, Standing);
        var coord = cluster.CreateClient();
        await coord.ConnectAsync().Soon();
        var fault = cluster.Faults.DropNextRequest(coord, RequestKind.Close);

        await coord.DisposeAsync().Soon();

        await fault.Hit.Soon();
    }
}
