using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>The mutex under faults that a real server cannot be made to show at will.</summary>
public class MutexFaultTests : IDisposable
{
    private readonly ScriptedCluster cluster;

    public MutexFaultTests()
        : this(null)
    {
    }

    protected MutexFaultTests(string? features) => cluster = new ScriptedCluster(nodes: 2) { Features = features };

    public void Dispose()
    {
        cluster.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Acceptance scenario 1: one znode and one grant, whether the lost create was done or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_reply_to_the_create_makes_one_znode_and_one_grant(bool wasDone)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var mutex = new DistributedMutex(coord, "/lock");
        await (await mutex.AcquireAsync().Soon()).DisposeAsync();
        cluster.On(OpCode.Create2, wasDone ? FaultKind.DropReply : FaultKind.DropRequest);

        await using var held = await mutex.AcquireAsync().Soon();

        Assert.Single(Contenders());
        Assert.Equal(HandleState.Held, held.State);
    }

    /// <summary>
    /// Acceptance scenario 2: what our session before made, with our GUID in its name, is still listed behind that
    /// session's end; it is somebody else's.
    /// </summary>
    [Fact]
    public async Task A_znode_of_our_previous_session_is_not_adopted()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        await other.ConnectAsync().Soon();
        var mutex = new DistributedMutex(coord, "/lock");
        await (await mutex.AcquireAsync().Soon()).DisposeAsync();
        var before = coord.Session.Id.Value;
        cluster.RefusesHandshakes = true;
        var lost = cluster.On(OpCode.Create2, FaultKind.DropReply);
        var acquiring = mutex.AcquireAsync().AsTask();
        await lost.Hit.Soon();
        var left = "/lock/" + Assert.Single(Contenders());
        cluster.EndWithoutItsZnodes(before);
        cluster.RefusesHandshakes = false;

        await UntilContendersAsync(other, 2);
        Assert.False(acquiring.IsCompleted);
        var leftBehind = cluster.Look(tree => tree.Find(left)!);
        Assert.Equal(before, leftBehind.Owner);
        cluster.Edit(tree => tree.Delete(left, -1));

        await using var held = await acquiring.Soon();
        Assert.NotEqual(left, held.Path);
        Assert.NotEqual(before, coord.Session.Id.Value);
        Assert.Equal(coord.Session.Id.Value, cluster.Look(tree => tree.Find(held.Path)!.Owner));
    }

    /// <summary>The token fires before the holder can learn of the loss in any other way.</summary>
    [Fact]
    public async Task A_holder_whose_session_ended_is_told_and_its_guarded_multi_fails()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        await coord.CreateAsync("/a").Soon();

        cluster.Expire(coord.Session.Id.Value);
        await held.LostToken.WaitAsync();

        Assert.Equal(HandleState.Lost, held.State);
        Assert.Equal(TimeSpan.Zero, held.Remaining);
        Assert.Throws<LockLostException>(held.ThrowIfLost);
        var error = await Assert.ThrowsAsync<LockLostException>(
            () => held.CreateMulti().Set("/a", new byte[1]).CommitAsync().Soon());
        Assert.Equal(Outcome.NotApplied, error.Outcome);
        Assert.False(await held.VerifyAsync().Soon());
        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());
    }

    /// <summary>
    /// Acceptance scenario 5: paused for longer than the session, lost is the first thing the holder learns.
    /// </summary>
    [Fact]
    public async Task A_holder_that_slept_past_the_deadline_finds_its_lock_lost()
    {
        var time = new FakeTimeProvider();
        await using var coord =
            new CoordClient(cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        await coord.CreateAsync("/a").Soon();
        var guarded = held.CreateMulti().Set("/a", new byte[1]);
        var fence = new FencingGuard();

        time.Suspend(2 * coord.Session.NegotiatedTimeout);

        Assert.Equal(HandleState.Lost, held.State);
        await Assert.ThrowsAsync<LockLostException>(() => guarded.CommitAsync().Soon());
        Assert.True(fence.TryPass(new FencingToken(held.Token.Value + 1)));
        Assert.False(fence.TryPass(held.Token));
        time.Advance(coord.Session.NegotiatedTimeout / 10);
        Assert.True(held.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task A_short_disconnect_makes_a_handle_suspect_and_held_again()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);

        Assert.Equal(HandleState.Suspect, held.State);
        held.ThrowIfLost();
        cluster.RefusesHandshakes = false;
        await coord.WaitForAsync(SessionState.Connected);

        Assert.Equal(HandleState.Held, held.State);
        Assert.True(await held.VerifyAsync().Soon());
    }

    [Fact]
    public async Task A_lock_znode_deleted_by_hand_is_found_by_the_heartbeat()
    {
        var time = new FakeTimeProvider();
        await using var coord =
            new CoordClient(cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        cluster.Edit(tree => tree.Delete(held.Path, -1));

        time.Advance(coord.Session.NegotiatedTimeout * 0.4);
        await held.LostToken.WaitAsync();

        Assert.Equal(HandleState.Lost, held.State);
        Assert.False(coord.Session.IsLost);
    }

    /// <summary>Acceptance scenario 7, inside the timeout: no orphan and no exception.</summary>
    [Fact]
    public async Task A_release_while_disconnected_is_finished_by_the_sweeper()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);

        await held.DisposeAsync().Soon();
        Assert.Equal(ReleaseResult.Pending, await held.ReleaseAsync().Soon());
        cluster.RefusesHandshakes = false;
        await coord.WaitForAsync(SessionState.Connected);
        for (var left = 1000; left > 0 && coord.SweeperBacklog > 0; left--)
            await coord.SyncAsync().Soon();

        Assert.Empty(Contenders());
        Assert.False(held.LostToken.IsCancellationRequested);
    }

    /// <summary>Acceptance scenario 7, outside the timeout.</summary>
    [Fact]
    public async Task A_release_after_the_session_was_lost_neither_throws_nor_leaves_a_znode()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        await held.DisposeAsync().Soon();
        await coord.SyncAsync().Soon();

        Assert.Empty(Contenders());
    }

    /// <summary>Acceptance scenario 6: wherever a wait ends, no znode stays and the next in line goes on.</summary>
    [Theory]
    [InlineData(OpCode.Create2)]
    [InlineData(OpCode.GetChildren2)]
    [InlineData(OpCode.GetData)]
    public async Task A_waiter_cancelled_at_any_step_leaves_nothing(OpCode step)
    {
        await using var holder = new CoordClient(cluster.ConnectionString);
        await using var waiter = new CoordClient(cluster.ConnectionString);
        await using var next = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(holder, "/lock").AcquireAsync().Soon();
        await waiter.ConnectAsync().Soon();
        // Who is told its place lists only when it is woken.
        cluster.Edit(tree => tree.TellsRanks = step != OpCode.GetChildren2);
        var fault = cluster.On(step, FaultKind.Swallow, path => path.StartsWith("/lock", StringComparison.Ordinal));
        using var cancel = new CancellationTokenSource();

        var waiting = new DistributedMutex(waiter, "/lock").AcquireAsync(ct: cancel.Token).AsTask();
        await fault.Hit.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.Soon());
        cluster.CutAll();
        var following = new DistributedMutex(next, "/lock").AcquireAsync().AsTask();
        await held.DisposeAsync().Soon();
        await using var granted = await following.Soon();

        for (var left = 1000; left > 0 && Contenders().Count > 1; left--)
            await waiter.SyncAsync().Soon();
        Assert.Equal([ZnodePath.Name(granted.Path)], Contenders());
    }

    [Fact]
    public async Task A_waiter_whose_session_was_lost_stands_in_line_again()
    {
        await using var holder = new CoordClient(cluster.ConnectionString);
        await using var waiter = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(holder, "/lock").AcquireAsync().Soon();
        var waiting = new DistributedMutex(waiter, "/lock").AcquireAsync().AsTask();
        await UntilContendersAsync(holder, 2);

        cluster.Expire(waiter.Session.Id.Value);
        await UntilContendersAsync(holder, 2);
        await held.DisposeAsync().Soon();

        await using var granted = await waiting.Soon();
        Assert.Equal(waiter.Session.Id.Value, cluster.Look(tree => tree.Find(granted.Path)!.Owner));
    }

    [Fact]
    public async Task A_waiter_that_was_told_to_fails_when_its_session_is_lost()
    {
        await using var holder = new CoordClient(cluster.ConnectionString);
        await using var waiter = new CoordClient(cluster.ConnectionString);
        await using var held = await new DistributedMutex(holder, "/lock").AcquireAsync().Soon();
        var options = new MutexOptions { WhenSessionLost = WhenSessionLost.Fail };
        var waiting = new DistributedMutex(waiter, "/lock", options).AcquireAsync().AsTask();
        await UntilContendersAsync(holder, 2);

        cluster.Expire(waiter.Session.Id.Value);

        await Assert.ThrowsAsync<SessionLostException>(() => waiting.Soon());
    }

    /// <summary>Acceptance scenario 8: a release wakes one waiter, which lists once; nobody else stirs.</summary>
    [Fact]
    public async Task A_release_wakes_one_waiter_of_a_thousand()
    {
        const int Waiters = 1000;
        await using var holder = new CoordClient(cluster.ConnectionString);
        await using var client = new CoordClient(cluster.ConnectionString);
        var held = await new DistributedMutex(holder, "/lock").AcquireAsync().Soon();
        using var cancel = new CancellationTokenSource();
        var turns = Enumerable.Range(0, Waiters)
            .Select(_ => new DistributedMutex(client, "/lock").AcquireAsync(ct: cancel.Token).AsTask()).ToList();
        await UntilContendersAsync(holder, Waiters + 1);
        await client.SyncAsync().Soon();
        var listed = cluster.SeenOf(OpCode.GetChildren2);

        for (var i = 0; i < 10; i++)
        {
            await held.DisposeAsync().Soon();
            var next = await Task.WhenAny(turns).Soon();
            turns.Remove(next);
            held = await next;
        }

        Assert.Equal(listed + 10, cluster.SeenOf(OpCode.GetChildren2));
        await cancel.CancelAsync();
        await held.DisposeAsync().Soon();
    }

    /// <summary>
    /// Acceptance scenario 1 at random: replies and requests are lost at every step of many acquisitions.
    /// </summary>
    [Fact]
    public async Task Random_losses_never_let_two_in()
    {
        var random = new Random(20261121);
        var probe = new ExclusionProbe();
        var clients = Enumerable.Range(0, 4).Select(_ => new CoordClient(cluster.ConnectionString)).ToList();
        await Task.WhenAll(clients.Select(client => client.ConnectAsync().Soon()));
        cluster.Randomly(op => op is OpCode.Create2 or OpCode.Delete or OpCode.GetChildren2 or OpCode.GetData
            && random.Next(8) == 0
            ? random.Next(2) == 0 ? FaultKind.DropReply : FaultKind.DropRequest
            : null);

        await Task.WhenAll(clients.Select(async client =>
        {
            var mutex = new DistributedMutex(client, "/lock");
            for (var i = 0; i < 25; i++)
            {
                await using var held = await mutex.AcquireAsync();
                await probe.RunAsync(held);
            }
        })).WaitAsync(TimeSpan.FromMinutes(2));
        cluster.Randomly(null);
        foreach (var client in clients)
            await client.DisposeAsync().Soon();

        Assert.Equal(100, probe.Sections);
    }

    private static async Task UntilContendersAsync(CoordClient client, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var _ in client.WatchAsync("/lock", WatchScope.Children, limit.Token))
        {
            if ((await client.GetChildrenAsync("/lock")).Names.Count == count)
                return;
        }
    }

    private List<string> Contenders() => cluster.Look(tree => tree.ChildrenOf("/lock").ToList());
}
