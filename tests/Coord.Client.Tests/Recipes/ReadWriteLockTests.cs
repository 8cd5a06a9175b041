using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>The read/write lock under faults (client-sdk.md 10.2).</summary>
public class ReadWriteLockTests : IDisposable
{
    private readonly ScriptedCluster cluster;

    public ReadWriteLockTests()
        : this(null)
    {
    }

    protected ReadWriteLockTests(string? features) => cluster = new ScriptedCluster(nodes: 2) { Features = features };

    public void Dispose()
    {
        cluster.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Acceptance scenario 1, for both kinds.</summary>
    [Theory]
    [InlineData(true, FaultKind.DropReply)]
    [InlineData(true, FaultKind.DropRequest)]
    [InlineData(false, FaultKind.DropReply)]
    [InlineData(false, FaultKind.DropRequest)]
    public async Task A_lost_reply_to_the_create_makes_one_znode_and_one_grant(bool isWriter, FaultKind kind)
    {
        await using var coord = cluster.Connect();
        var both = new DistributedReadWriteLock(coord, "/lock");
        await (await both.AcquireReadAsync().Soon()).DisposeAsync().Soon();
        cluster.On(OpCode.Create2, kind);

        await using var held = isWriter ? await both.AcquireWriteAsync().Soon() : await both.AcquireReadAsync().Soon();

        Assert.Equal([ZnodePath.Name(held.Path)], Contenders());
    }

    /// <summary>Acceptance scenario 8 for readers: a writer's release wakes each reader once, and no writer.</summary>
    [Fact]
    public async Task A_releasing_writer_wakes_all_readers_behind_it_and_no_writer()
    {
        const int Readers = 100;
        await using var holder = cluster.Connect();
        await using var client = cluster.Connect();
        var held = await new DistributedReadWriteLock(holder, "/lock").AcquireWriteAsync().Soon();
        var readers = Enumerable.Range(0, Readers)
            .Select(_ => new DistributedReadWriteLock(client, "/lock").AcquireReadAsync().AsTask()).ToList();
        await UntilContendersAsync(holder, Readers + 1);
        using var cancel = new CancellationTokenSource();
        var writer = new DistributedReadWriteLock(client, "/lock").AcquireWriteAsync(ct: cancel.Token).AsTask();
        await UntilContendersAsync(holder, Readers + 2);
        await client.SyncAsync().Soon();
        var listed = cluster.SeenOf(OpCode.GetChildren2);

        await held.DisposeAsync().Soon();
        await Task.WhenAll(readers).Soon();

        Assert.Equal(listed + Readers, cluster.SeenOf(OpCode.GetChildren2));
        Assert.False(writer.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.Soon());
        Assert.Equal(Readers, Contenders().Count);
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task A_downgrade_whose_reply_is_lost_is_done_once(FaultKind kind)
    {
        await using var coord = cluster.Connect();
        await using var held = await new DistributedReadWriteLock(coord, "/lock").AcquireWriteAsync().Soon();
        var revoked = held.RevokedToken;
        cluster.On(OpCode.Multi, kind);

        await held.DowngradeAsync().Soon();

        Assert.Equal([ZnodePath.Name(held.Path)], Contenders());
        Assert.Contains("__READ__", held.Path, StringComparison.Ordinal);
        Assert.Equal(coord.Session.Id.Value, cluster.Look(tree => tree.Find(held.Path)!.Owner));
        Assert.False(held.LostToken.IsCancellationRequested);
        await new DistributedReadWriteLock(coord, "/lock").RevokeAsync("after the downgrade").Soon();
        await revoked.WaitAsync();
    }

    [Fact]
    public async Task A_downgraded_lock_is_watched_over_by_the_heartbeat()
    {
        var time = new FakeTimeProvider();
        await using var coord = new CoordClient(
            cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        await using var held = await new DistributedReadWriteLock(coord, "/lock").AcquireWriteAsync().Soon();
        await held.DowngradeAsync().Soon();
        time.Advance(coord.Session.NegotiatedTimeout * 0.4);
        Assert.True(await held.VerifyAsync().Soon());
        cluster.Edit(tree => tree.Delete(held.Path, -1));

        time.Advance(coord.Session.NegotiatedTimeout * 0.4);
        await held.LostToken.WaitAsync();

        Assert.False(coord.Session.IsLost);
    }

    [Fact]
    public async Task A_downgrade_of_a_lock_that_was_deleted_says_that_it_is_lost()
    {
        await using var coord = cluster.Connect();
        await using var held = await new DistributedReadWriteLock(coord, "/lock").AcquireWriteAsync().Soon();
        cluster.Edit(tree => tree.Delete(held.Path, -1));

        await Assert.ThrowsAsync<LockLostException>(() => held.DowngradeAsync().Soon());

        await held.LostToken.WaitAsync();
        Assert.Empty(Contenders());
    }

    [Fact]
    public async Task A_shared_or_released_write_lock_is_not_downgraded()
    {
        await using var coord = cluster.Connect();
        var held = await new DistributedReadWriteLock(coord, "/lock").AcquireWriteAsync().Soon();
        var shared = held.Share();

        await Assert.ThrowsAsync<InvalidOperationException>(() => held.DowngradeAsync().Soon());
        await shared.DisposeAsync().Soon();
        await held.DisposeAsync().Soon();

        await Assert.ThrowsAsync<LockLostException>(() => held.DowngradeAsync().Soon());
    }

    /// <summary>Reader to writer is not possible here, and would wait for itself.</summary>
    [Fact]
    public async Task A_flow_that_reads_is_not_made_to_wait_for_itself()
    {
        await using var coord = cluster.Connect();
        var both = new DistributedReadWriteLock(coord, "/lock");
        await using var reading = await both.AcquireReadAsync().Soon();

        await Assert.ThrowsAsync<LockRecursionException>(() => both.AcquireWriteAsync().Soon());
        await Assert.ThrowsAsync<LockRecursionException>(() => both.Reading.AcquireAsync().Soon());
        await using var second = await both.AcquireReadAsync(null, AcquireOptions.Independent).Soon();
        Assert.Null(await both.Writing.TryAcquireAsync().Soon());
    }

    /// <summary>Acceptance scenario 6: wherever a wait ends, no znode stays and the next in line goes on.</summary>
    [Theory]
    [InlineData(OpCode.Create2)]
    [InlineData(OpCode.GetChildren2)]
    [InlineData(OpCode.GetData)]
    public async Task A_waiting_writer_cancelled_at_any_step_lets_readers_on(OpCode step)
    {
        await using var holder = cluster.Connect();
        await using var waiter = cluster.Connect();
        await using var next = cluster.Connect();
        await using var held = await new DistributedReadWriteLock(holder, "/lock").AcquireReadAsync().Soon();
        await waiter.ConnectAsync().Soon();
        // Who is told its place lists only when it is woken.
        cluster.Edit(tree => tree.TellsRanks = step != OpCode.GetChildren2);
        var fault = cluster.On(step, FaultKind.Swallow, path => path.StartsWith("/lock", StringComparison.Ordinal));
        using var cancel = new CancellationTokenSource();

        var waiting = new DistributedReadWriteLock(waiter, "/lock").AcquireWriteAsync(ct: cancel.Token).AsTask();
        await fault.Hit.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.Soon());
        cluster.CutAll();
        await using var granted = await new DistributedReadWriteLock(next, "/lock").AcquireReadAsync().Soon();

        for (var left = 1000; left > 0 && Contenders().Count > 2; left--)
            await waiter.SyncAsync().Soon();
        Assert.Equal(2, Contenders().Count);
    }

    private static async Task UntilContendersAsync(CoordClient client, int count)
    {
        await foreach (var _ in client.WatchAsync("/lock", WatchScope.Children))
        {
            if ((await client.GetChildrenAsync("/lock")).Names.Count == count)
                return;
        }
    }

    private List<string> Contenders() => cluster.Look(tree => tree.ChildrenOf("/lock").ToList());
}
