using System.Text;
using Coord.Protocol;

namespace Coord.Client.Tests;

public sealed class ReconnectTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_session_is_taken_up_again_after_a_cut()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var session = await coord.ConnectAsync().Soon();

        cluster.CutAll();
        await coord.SyncAsync().Soon();

        Assert.Same(session, coord.Session);
        Assert.Equal(SessionState.Connected, coord.State);
        Assert.False(session.IsLost);
    }

    [Fact]
    public async Task Reads_are_repeated_as_if_nothing_had_happened()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a", Encoding.UTF8.GetBytes("x"));
        cluster.On(OpCode.GetData, FaultKind.DropReply);

        var znode = await coord.GetAsync("/a").Soon();

        Assert.Equal("x", Encoding.UTF8.GetString(znode.Bytes.Span));
    }

    [Fact]
    public async Task Calls_made_while_disconnected_go_out_in_order_when_connected()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.ConnectAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);

        var create = coord.CreateAsync("/a");
        var set = coord.SetAsync("/a", new byte[1], 0);
        var read = coord.GetAsync("/a");
        cluster.RefusesHandshakes = false;

        await create.Soon();
        Assert.Equal(1, (await set.Soon()).Version);
        Assert.Equal(1, (await read.Soon()).Bytes.Length);
    }

    [Fact]
    public async Task A_session_that_the_cluster_ended_is_lost_and_replaced()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var first = await coord.ConnectAsync().Soon();

        cluster.Expire(first.Id.Value);
        await first.LostToken.WaitAsync();
        await coord.SyncAsync().Soon();

        Assert.True(first.IsLost);
        Assert.Equal(TimeSpan.Zero, first.Remaining);
        Assert.Equal(2, coord.Session.Epoch);
        Assert.NotEqual(first.Id, coord.Session.Id);
    }

    /// <summary>
    /// Acceptance scenario 5: whoever sleeps past the deadline learns of the loss before anything else can happen.
    /// </summary>
    [Fact]
    public async Task A_suspended_machine_finds_its_session_lost_on_waking()
    {
        var time = new FakeTimeProvider();
        await using var coord =
            new CoordClient(cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        var session = await coord.ConnectAsync().Soon();

        time.Suspend(2 * session.NegotiatedTimeout);
        Assert.Equal(TimeSpan.Zero, session.Remaining);
        time.Advance(session.NegotiatedTimeout / 10);

        Assert.True(session.IsLost);
    }

    /// <summary>
    /// Acceptance scenario 3: cut off, the client gives up by itself, earlier than the server by the margin.
    /// </summary>
    [Fact]
    public async Task A_client_cut_off_for_its_timeout_gives_its_session_up()
    {
        var time = new FakeTimeProvider();
        await using var coord =
            new CoordClient(cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        var session = await coord.ConnectAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);

        time.Advance(session.NegotiatedTimeout * 0.89);
        Assert.False(session.IsLost);
        time.Advance(session.NegotiatedTimeout * 0.02);
        Assert.True(session.IsLost);
    }

    [Fact]
    public async Task After_a_loss_the_session_is_abandoned_even_if_the_server_would_keep_it()
    {
        var time = new FakeTimeProvider();
        await using var coord =
            new CoordClient(cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        var session = await coord.ConnectAsync().Soon();

        time.Suspend(session.NegotiatedTimeout);
        time.Advance(session.NegotiatedTimeout / 10);
        await coord.ConnectAsync().Soon();

        Assert.Contains(session.Id.Value, cluster.Sessions);
        Assert.NotEqual(session.Id, coord.Session.Id);
        Assert.Equal(2, coord.Session.Epoch);
    }

    /// <summary>
    /// Acceptance scenario 20: wiped and started again, the cluster is behind what the client has seen.
    /// </summary>
    [Fact]
    public async Task A_cluster_that_was_wiped_is_joined_again()
    {
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(5) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        await coord.CreateAsync("/a").Soon();
        await coord.CreateAsync("/b").Soon();
        var before = coord.Session;

        cluster.Wipe();
        await before.LostToken.WaitAsync();

        Assert.Null(await coord.ExistsAsync("/a").Soon());
        Assert.Equal(2, coord.Session.Epoch);
        Assert.True(coord.Session.FollowsClusterReset);
        Assert.True(coord.LastSeenZxid.Value < 10);
    }

    /// <summary>
    /// Servers without a quorum refuse as those do that are behind: what was seen is forgotten only when the cluster
    /// itself is behind it.
    /// </summary>
    [Fact]
    public async Task A_cluster_that_was_away_for_long_was_not_reset()
    {
        var time = new FakeTimeProvider();
        var moment = TimeSpan.FromMilliseconds(1);
        var options = new CoordClientOptions
        {
            TimeProvider = time,
            RequestTimeout = Timeout.InfiniteTimeSpan,
            SessionTimeout = TimeSpan.FromMinutes(5),
            Retry = new RetryOptions { FirstDelay = moment, MaxDelay = moment },
        };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        await coord.CreateAsync("/a").Soon();
        var (before, seen) = (coord.Session, coord.LastSeenZxid);
        cluster.RefusesHandshakes = true;
        cluster.CutAll();

        var read = coord.ExistsAsync("/a").AsTask();
        for (var refused = cluster.Refused; cluster.Refused < refused + 100; await Task.Yield())
            time.Advance(before.NegotiatedTimeout / 10);
        cluster.RefusesHandshakes = false;
        await time.PassPausesAsync(read);

        Assert.NotNull(await read);
        Assert.NotSame(before, coord.Session);
        Assert.False(coord.Session.FollowsClusterReset);
        Assert.True(coord.LastSeenZxid >= seen);
    }

    [Fact]
    public async Task No_server_at_all_is_reported_with_each_address_and_its_error()
    {
        cluster.RefusesHandshakes = true;
        var options = new CoordClientOptions { RequestTimeout = TimeSpan.FromSeconds(2) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);

        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => coord.GetAsync("/a").Soon());

        Assert.Equal(Outcome.NotApplied, error.Outcome);
        Assert.Contains("127.0.0.1", error.Attempts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_never_answered_times_out_as_unknown()
    {
        var options = new CoordClientOptions { RequestTimeout = TimeSpan.FromSeconds(2) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        await coord.ConnectAsync().Soon();
        cluster.On(OpCode.Create2, FaultKind.Swallow);

        var error = await Assert.ThrowsAsync<OperationTimeoutException>(() => coord.CreateAsync("/a").Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
    }

    [Fact]
    public async Task Disposing_closes_the_session_and_fires_its_token()
    {
        var coord = new CoordClient(cluster.ConnectionString);
        var session = await coord.ConnectAsync().Soon();
        await coord.CreateAsync("/e", default, new CreateOptions { Mode = CreateMode.Ephemeral });

        await coord.DisposeAsync().Soon();
        await coord.DisposeAsync().Soon();

        Assert.True(session.LostToken.IsCancellationRequested);
        Assert.Empty(cluster.Sessions);
        Assert.Null(cluster.Look(tree => tree.Find("/e")));
        Assert.Equal(SessionState.Closed, coord.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => coord.GetAsync("/a").Soon());
    }

    [Fact]
    public async Task Watches_are_set_again_in_one_request_after_a_reattach()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a");
        var gone = coord.WaitForDeletedAsync("/a").AsTask();
        var there = coord.WaitForExistsAsync("/b").AsTask();
        await coord.SyncAsync().Soon();

        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Edit(tree => tree.Delete("/a", -1));
        cluster.RefusesHandshakes = false;
        await gone.Soon();
        cluster.Edit(tree =>
        {
            var path = "/b";
            tree.Create(ref path, [], CreateMode.Persistent, 0);
        });
        await there.Soon();

        Assert.Equal(1, cluster.SeenOf(OpCode.SetWatches));
    }
}
