using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>
/// What meters hear of a client (client-sdk.md 18). Names, units and attributes are what dashboards and alarms are
/// built on, and nobody is told when they change.
/// </summary>
public sealed class MetricTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);
    private readonly MetricProbe probe = new();

    public void Dispose()
    {
        cluster.Dispose();
        probe.Dispose();
    }

    [Theory]
    [InlineData("coord.client.operation.duration", "s")]
    [InlineData("coord.client.operation.retries", "{retry}")]
    [InlineData("coord.client.in_flight", "{request}")]
    [InlineData("coord.client.session.state", "{state}")]
    [InlineData("coord.client.session.transitions", "{transition}")]
    [InlineData("coord.client.session.deadline.remaining", "s")]
    [InlineData("coord.client.heartbeat.delay", "s")]
    [InlineData("coord.client.pause", "{pause}")]
    [InlineData("coord.client.watch.resyncs", "{resync}")]
    [InlineData("coord.client.watch.events", "{event}")]
    [InlineData("coord.client.watch.overflows", "{overflow}")]
    [InlineData("coord.client.sweeper.backlog", "{znode}")]
    public async Task Instruments_have_the_names_and_units_of_the_specification(string name, string unit)
    {
        await using var coord = Connect();

        Assert.Equal(unit, probe.Instruments[name].Unit);
    }

    [Fact]
    public async Task Meters_have_the_version_of_the_package()
    {
        await using var coord = Connect();
        await using var shared = new CoordClient(cluster.ConnectionString);

        Assert.Equal(PackageVersion.Text, probe.Version);
        Assert.Equal(PackageVersion.Text, shared.Meter.Version);
    }

    /// <summary>Each judges by the timeout of its own session.</summary>
    [Fact]
    public async Task A_pause_is_one_of_every_client_that_it_is_long_for()
    {
        var time = new FakeTimeProvider();
        await using var one = Connect(time);
        await using var other = Connect(time);
        var session = await one.ConnectAsync().Soon();
        await other.ConnectAsync().Soon();

        time.Suspend(session.NegotiatedTimeout / 2);
        time.Advance(session.NegotiatedTimeout / 10);

        Assert.Equal(2, probe.Of("coord.client.pause").Sum(static measured => measured.Value));
    }

    [Fact]
    public async Task Clients_of_one_meter_share_its_instruments()
    {
        await using var one = Connect();
        await using var other = Connect();
        await one.ConnectAsync().Soon();
        await other.ConnectAsync().Soon();

        Assert.Same(one.Meter, other.Meter);
        Assert.Equal(2, probe.ValueOf("coord.client.session.state", "coord.session.state=connected"));
    }

    [Fact]
    public async Task A_call_is_measured_with_its_operation_its_error_and_whether_it_happened()
    {
        const string Name = "coord.client.operation.duration";
        await using var coord = Connect();
        await coord.CreateAsync("/a").Soon();
        await Assert.ThrowsAsync<NodeExistsException>(() => coord.CreateAsync("/a").Soon());
        await Assert.ThrowsAsync<NoNodeException>(() => coord.GetAsync("/b").Soon());
        Assert.Null(await coord.TryGetAsync("/b").Soon());
        cluster.On(OpCode.SetData, FaultKind.DropReply);
        await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.SetAsync("/a", default, SetOptions.Overwrite).Soon());

        Assert.InRange(probe.ValueOf(Name, "coord.operation=create", "coord.outcome=applied"), 1e-9, 60);
        probe.ValueOf(Name, "coord.operation=create", "error.type=NodeExists", "coord.outcome=not_applied");
        probe.ValueOf(Name, "coord.operation=get", "error.type=NoNode", "coord.outcome=not_applied");
        probe.ValueOf(Name, "coord.operation=get", "coord.outcome=applied");
        probe.ValueOf(Name, "coord.operation=set", "error.type=ConnectionLoss", "coord.outcome=unknown");
        Assert.Equal(5, probe.Of(Name).Count);
    }

    /// <summary>A write that was cancelled on its way may still be carried out: never guessed.</summary>
    [Fact]
    public async Task A_cancelled_write_that_was_sent_counts_as_unknown()
    {
        await using var coord = Connect();
        await coord.ConnectAsync().Soon();
        var fault = cluster.On(OpCode.Create2, FaultKind.Swallow);
        using var cancel = new CancellationTokenSource();
        var create = coord.CreateAsync("/a", ct: cancel.Token).AsTask();
        await fault.Hit.Soon();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create.Soon());

        probe.ValueOf(
            "coord.client.operation.duration", "coord.operation=create",
            "error.type=System.OperationCanceledException", "coord.outcome=unknown");
    }

    [Fact]
    public async Task What_is_sent_again_after_a_lost_reply_is_counted_as_a_retry()
    {
        await using var coord = Connect();
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.GetData, FaultKind.DropReply);
        await coord.GetAsync("/a").Soon();
        cluster.On(OpCode.SetData, FaultKind.DropRequest);
        await coord.SetAsync("/a", new byte[1], 0).Soon();

        Assert.Equal(1, probe.ValueOf("coord.client.operation.retries", "coord.operation=get"));
        Assert.Equal(1, probe.ValueOf("coord.client.operation.retries", "coord.operation=set"));
        Assert.Equal(2, probe.Of("coord.client.operation.retries").Count);
    }

    [Fact]
    public async Task Gauges_tell_where_the_client_stands_now()
    {
        await using var coord = Connect();
        Assert.Empty(probe.Of("coord.client.session.deadline.remaining"));
        await coord.ConnectAsync().Soon();
        var fault = cluster.On(OpCode.GetData, FaultKind.Swallow);
        using var cancel = new CancellationTokenSource();
        var read = coord.GetAsync("/a", ct: cancel.Token).AsTask();
        await fault.Hit.Soon();

        Assert.Equal(1, probe.ValueOf("coord.client.in_flight"));
        Assert.Equal(1, probe.ValueOf("coord.client.session.state", "coord.session.state=connected"));
        Assert.Equal(0, probe.ValueOf("coord.client.session.state", "coord.session.state=suspended"));
        Assert.InRange(probe.ValueOf("coord.client.session.deadline.remaining"), 1e-9, 10);
        Assert.Equal(0, probe.ValueOf("coord.client.sweeper.backlog"));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
        await coord.DisposeAsync().Soon();
        Assert.Equal(0, probe.ValueOf("coord.client.session.state", "coord.session.state=closed"));
        Assert.Empty(probe.Of("coord.client.session.deadline.remaining"));
    }

    [Fact]
    public async Task Changes_of_state_are_counted_with_the_reason_that_the_log_gives()
    {
        await using var coord = Connect();
        var session = await coord.ConnectAsync().Soon();
        cluster.Expire(session.Id.Value);
        await session.LostToken.WaitAsync();
        await coord.SyncAsync().Soon();

        const string Name = "coord.client.session.transitions";
        Assert.Equal(1, probe.ValueOf(
            Name, "coord.session.from=idle", "coord.session.to=connecting",
            "coord.session.reason=the first call was made"));
        Assert.Equal(1, probe.ValueOf(
            Name, "coord.session.from=suspended", "coord.session.to=lost",
            "coord.session.reason=the cluster says that the session expired"));
    }

    [Fact]
    public async Task A_process_that_stood_still_is_counted_and_its_heartbeat_was_late()
    {
        var time = new FakeTimeProvider();
        await using var coord = Connect(time);
        var session = await coord.ConnectAsync().Soon();

        time.Suspend(session.NegotiatedTimeout / 2);
        time.Advance(session.NegotiatedTimeout / 10);

        Assert.Equal(1, probe.ValueOf("coord.client.pause"));
        var late = Assert.Single(probe.Of("coord.client.heartbeat.delay"));
        Assert.InRange(late.Value, 1.6, 3);
    }

    [Fact]
    public async Task Watch_events_gaps_and_slow_readers_are_counted()
    {
        await using var coord = Connect();
        await coord.CreateAsync("/t").Soon();
        await using var events = coord.WatchAsync("/t", WatchScope.Subtree).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().Soon());

        cluster.Edit(tree =>
        {
            for (var i = 0; i < 1025; i++)
                tree.Set("/t", [], -1);
        });
        await coord.SyncAsync().Soon();
        Assert.True(await events.MoveNextAsync().Soon());

        Assert.Equal(WatchEventKind.Resynced, events.Current.Kind);
        Assert.Equal(1025, probe.Of("coord.client.watch.events").Sum(measured => measured.Value));
        Assert.Equal(1, probe.ValueOf("coord.client.watch.overflows"));
        Assert.Equal(1, probe.ValueOf("coord.client.watch.resyncs"));
    }

    [Fact]
    public async Task No_attribute_holds_a_path_or_bytes()
    {
        await using var coord = Connect();
        await coord.CreateAsync("/secret-path", "secret-bytes"u8.ToArray()).Soon();
        await coord.CreateMulti().Set("/secret-path", "secret-bytes"u8.ToArray()).CommitAsync().Soon();
        await Assert.ThrowsAsync<NotEmptyException>(() => DeleteParentAsync(coord).Soon());

        foreach (var name in probe.Instruments.Keys)
        {
            Assert.DoesNotContain(
                probe.Of(name).SelectMany(one => one.Tags), tag => tag.Contains("secret", StringComparison.Ordinal));
        }
    }

    private static async Task DeleteParentAsync(CoordClient coord)
    {
        await coord.CreateAsync("/secret-path/secret-child");
        await coord.DeleteAsync("/secret-path");
    }

    private CoordClient Connect(TimeProvider? time = null) =>
        new(cluster.ConnectionString, new CoordClientOptions { MeterFactory = probe, TimeProvider = time });
}
