using System.Diagnostics;
using System.Text;
using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>What traces show of a client and its locks (client-sdk.md 18).</summary>
public sealed class TraceTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_call_is_a_span_below_the_callers_with_a_span_for_each_attempt()
    {
        using var probe = new SpanProbe();
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.GetData, FaultKind.DropReply);

        await coord.GetAsync("/a").Soon();

        var call = Assert.Single(probe.Named("coord get"));
        Assert.Equal(probe.Root.SpanId, call.ParentSpanId);
        Assert.Equal(PackageVersion.Text, call.Source.Version);
        Assert.Equal(["coord.operation=get", "coord.outcome=applied"], SpanProbe.TagsOf(call));
        var attempts = probe.Named("coord get attempt");
        Assert.Equal(2, attempts.Count);
        Assert.All(attempts, attempt => Assert.Equal(call.SpanId, attempt.ParentSpanId));
        Assert.All(attempts, attempt => Assert.Equal(ActivityKind.Client, attempt.Kind));
        Assert.Contains("error.type=ConnectionLoss", SpanProbe.TagsOf(attempts[0]));
        Assert.Equal(ActivityStatusCode.Error, attempts[0].Status);
        var tags = SpanProbe.TagsOf(attempts[1]);
        Assert.Equal("server.address=127.0.0.1", tags[0]);
        Assert.Contains(tags[1], cluster.Addresses.Select(address => $"server.port={address.Split(':')[1]}"));
        Assert.Equal(2, tags.Count);
        Assert.Same(probe.Root, Activity.Current);
    }

    [Fact]
    public async Task A_failed_call_says_its_error_and_whether_it_happened()
    {
        using var probe = new SpanProbe();
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.ConnectAsync().Soon();
        cluster.On(OpCode.SetData, FaultKind.DropReply);
        await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.SetAsync("/a", default, SetOptions.Overwrite).Soon());

        var call = Assert.Single(probe.Named("coord set"));
        Assert.Equal(
            ["coord.operation=set", "coord.outcome=unknown", "error.type=ConnectionLoss"], SpanProbe.TagsOf(call));
        Assert.Equal(ActivityStatusCode.Error, call.Status);
        Assert.Single(probe.Named("coord set attempt"));
    }

    [Fact]
    public async Task Acquiring_shows_its_requests_its_places_in_line_and_the_holder()
    {
        using var probe = new SpanProbe();
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        var first = await new DistributedMutex(coord, "/locks/a").AcquireAsync().Soon();
        var acquired = Assert.Single(probe.Named("coord acquire"));
        Assert.Equal(
            ["coord.lock.kind=mutex", "coord.lock.name=a", "coord.lock.result=granted"], SpanProbe.TagsOf(acquired));
        Assert.Contains(probe.Named("coord create"), span => span.ParentSpanId == acquired.SpanId);
        var record = Encoding.UTF8.GetString(cluster.Look(tree => tree.Find(first.Path)!.Bytes));
        Assert.Contains(acquired.Id!, record, StringComparison.Ordinal);

        var looked = UntilLookedTwiceAsync(first.Path);
        var waiting = new DistributedMutex(other, "/locks/a").AcquireAsync().AsTask();
        await looked.Soon();
        await first.ReleaseAsync().Soon();
        await using var second = await waiting.Soon();

        var waited = probe.Named("coord acquire")[1];
        Assert.Equal(acquired.SpanId, Assert.Single(waited.Links).Context.SpanId);
        Assert.Equal([1, 0], waited.Events.Select(static one => (int)one.Tags.Single().Value!));
        Assert.Equal([0], acquired.Events.Select(static one => (int)one.Tags.Single().Value!));
        Assert.Same(probe.Root, Activity.Current);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public async Task A_waiter_that_was_told_its_place_lists_the_line_only_to_find_a_holder_further_ahead(
        int place, int lists)
    {
        using var probe = new SpanProbe();
        var sequential = new CreateOptions { Mode = CreateMode.EphemeralSequential };
        cluster.Features = "session-proof create-rank";
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        await other.ConnectAsync().Soon();
        var mutex = new DistributedMutex(coord, "/locks/a");
        var first = await mutex.AcquireAsync().Soon();
        var before = first.Path;
        if (place == 2)
            before = (await coord.CreateAsync("/locks/a/lock-", default, sequential).Soon()).Path;
        var looked = UntilLookedTwiceAsync(first.Path, before);
        var listed = cluster.SeenOf(OpCode.GetChildren2);

        var waiting = new DistributedMutex(other, "/locks/a").AcquireAsync().AsTask();
        await looked.Soon();

        Assert.Equal(listed + lists, cluster.SeenOf(OpCode.GetChildren2));
        await first.ReleaseAsync().Soon();
        if (place == 2)
            await coord.DeleteAsync(before).Soon();
        await using var second = await waiting.Soon();
        var (acquired, waited) = (probe.Named("coord acquire")[0], probe.Named("coord acquire")[1]);
        Assert.Equal(acquired.SpanId, Assert.Single(waited.Links).Context.SpanId);
    }

    [Fact]
    public async Task A_hold_is_a_span_where_that_is_asked_for()
    {
        using var probe = new SpanProbe();
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using (await new DistributedMutex(coord, "/locks/a").AcquireAsync().Soon())
            Assert.Empty(probe.Named("coord hold"));
        Assert.Empty(probe.Named("coord hold"));

        var options = new MutexOptions { TraceHold = true, Name = "invoices" };
        await using (await new DistributedMutex(coord, "/locks/b", options).AcquireAsync().Soon())
            Assert.Empty(probe.Named("coord hold"));

        var hold = Assert.Single(probe.Named("coord hold"));
        Assert.Equal(probe.Root.SpanId, hold.ParentSpanId);
        Assert.Equal(
            ["coord.lock.kind=mutex", "coord.lock.name=invoices", "coord.lock.result=released"],
            SpanProbe.TagsOf(hold));
    }

    // A waiter looks at the holder for its trace, and then at the one before it, to be told when that goes.
    private Task UntilLookedTwiceAsync(params string[] paths)
    {
        var looks = 0;
        cluster.On(OpCode.GetData, FaultKind.Swallow, one =>
        {
            looks += paths.Contains(one) ? 1 : 0;
            return false;
        });
        return Task.Run(async () =>
        {
            while (Volatile.Read(ref looks) < 2)
                await Task.Yield();
        });
    }
}
