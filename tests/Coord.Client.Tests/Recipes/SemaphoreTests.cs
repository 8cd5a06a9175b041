using System.Text;
using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>The semaphore under faults (client-sdk.md 10.5).</summary>
public sealed class SemaphoreTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    /// <summary>Acceptance scenario 1: a lost reply neither takes a permit twice nor forgets one.</summary>
    [Theory]
    [InlineData("/s/locks", FaultKind.DropReply)]
    [InlineData("/s/locks", FaultKind.DropRequest)]
    [InlineData("/s/leases", FaultKind.DropReply)]
    [InlineData("/s/leases", FaultKind.DropRequest)]
    public async Task A_lost_reply_takes_each_permit_once(string where, FaultKind kind)
    {
        await using var coord = cluster.Connect();
        var semaphore = new DistributedSemaphore(coord, "/s", 3);
        await (await semaphore.AcquireAsync().Soon()).DisposeAsync().Soon();
        cluster.On(OpCode.Create2, kind, path => path.StartsWith(where, StringComparison.Ordinal));

        var held = await semaphore.AcquireAsync(3).Soon();

        Assert.Equal(3, Leases().Count);
        Assert.Null(await semaphore.TryAcquireAsync().Soon());
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
        Assert.Empty(Leases());
    }

    // Danger: a root that Curator made is a container, and goes with the limit that we stored in it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_root_that_was_swept_and_made_again_gets_its_limit_again(bool mayWait)
    {
        await using var coord = cluster.Connect();
        var semaphore = new DistributedSemaphore(coord, "/s", 3);
        await (await semaphore.AcquireAsync().Soon()).DisposeAsync().Soon();
        await semaphore.SetLimitAsync(5).Soon();
        cluster.Edit(tree =>
        {
            foreach (var path in (string[])["/s/leases", "/s/locks", "/s"])
                tree.Delete(path, -1);
            var root = "/s";
            tree.Create(ref root, [], CreateMode.Persistent, 0);
        });

        await using var held = mayWait
            ? await semaphore.AcquireAsync(2).Soon() : await semaphore.TryAcquireAsync(2).Soon();
        Assert.NotNull(held);
        Assert.Equal("coord:semaphore:1 5", Root());
    }

    /// <summary>Acceptance scenario 14: a lower limit takes nothing away, and is kept as permits return.</summary>
    [Fact]
    public async Task A_lowered_limit_is_never_exceeded_once_permits_return_though_a_holder_crashes()
    {
        await using var holder = cluster.Connect();
        await using var crashing = cluster.Connect();
        await using var waiter = cluster.Connect();
        var semaphore = new DistributedSemaphore(holder, "/s", 3);
        var first = await semaphore.AcquireAsync().Soon();
        await using var second = await semaphore.AcquireAsync().Soon();
        var third = await new DistributedSemaphore(crashing, "/s", 3).AcquireAsync().Soon();
        var waiting = new DistributedSemaphore(waiter, "/s", 3).AcquireAsync().AsTask();
        await UntilLeasesAsync(holder, 4);

        await semaphore.SetLimitAsync(2).Soon();
        cluster.Expire(crashing.Session.Id.Value);
        await third.LostToken.WaitAsync();
        await UntilLeasesAsync(holder, 3);
        await waiter.SyncAsync().Soon();
        Assert.False(waiting.IsCompleted);
        Assert.Equal((2, 0), Numbers(await semaphore.GetStateAsync().Soon()));
        await first.DisposeAsync().Soon();

        await using var granted = await waiting.Soon();
        Assert.Equal(2, Leases().Count);
        Assert.Equal("coord:semaphore:1 2", Root());
    }

    [Fact]
    public async Task A_raised_limit_lets_the_first_of_the_waiting_in()
    {
        await using var coord = cluster.Connect();
        var semaphore = new DistributedSemaphore(coord, "/s", 1);
        await using var held = await semaphore.AcquireAsync().Soon();
        var waiting = semaphore.AcquireAsync().AsTask();
        await UntilLeasesAsync(coord, 2);

        await semaphore.SetLimitAsync(2).Soon();

        await using var granted = await waiting.Soon();
        await Assert.ThrowsAsync<SemaphoreLimitException>(
            () => new DistributedSemaphore(coord, "/s", 1).TryAcquireAsync().Soon());
    }

    [Fact]
    public async Task Who_waits_for_more_than_a_lowered_limit_is_told_so()
    {
        await using var coord = cluster.Connect();
        var semaphore = new DistributedSemaphore(coord, "/s", 3);
        await using var held = await semaphore.AcquireAsync().Soon();
        var waiting = semaphore.AcquireAsync(3).AsTask();
        await UntilLeasesAsync(coord, 4);

        await semaphore.SetLimitAsync(2).Soon();

        var error = await Assert.ThrowsAsync<SemaphoreLimitException>(() => waiting.Soon());
        Assert.Equal((2, 3), (error.Stored, error.Asked));
        await UntilLeasesAsync(coord, 1);
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task A_limit_whose_reply_is_lost_is_set_once(FaultKind kind)
    {
        await using var coord = cluster.Connect();
        var semaphore = new DistributedSemaphore(coord, "/s", 3);
        await (await semaphore.AcquireAsync().Soon()).DisposeAsync().Soon();
        cluster.On(OpCode.SetData, kind);

        await semaphore.SetLimitAsync(5).Soon();

        Assert.Equal("coord:semaphore:1 5", Root());
        Assert.Equal((5, 5), Numbers(await semaphore.GetStateAsync().Soon()));
    }

    [Fact]
    public async Task A_root_that_Curator_made_gets_the_limit_and_another_recipes_is_refused()
    {
        await using var coord = cluster.Connect();
        await coord.CreateAsync("/s").Soon();
        await coord.CreateAsync("/m", "coord:mutex:1"u8.ToArray()).Soon();

        await using var held = await new DistributedSemaphore(coord, "/s", 2).AcquireAsync().Soon();

        Assert.Equal("coord:semaphore:1 2", Root());
        await Assert.ThrowsAsync<RecipeMismatchException>(
            () => new DistributedSemaphore(coord, "/m", 2).AcquireAsync().Soon());
    }

    /// <summary>Acceptance scenario 6: wherever a wait ends, no znode stays and the next in line goes on.</summary>
    [Theory]
    [InlineData(OpCode.Create2, "/s/locks")]
    [InlineData(OpCode.GetChildren2, "/s/locks")]
    [InlineData(OpCode.Create2, "/s/leases")]
    [InlineData(OpCode.GetChildren2, "/s/leases")]
    [InlineData(OpCode.Exists, "/s")]
    public async Task A_waiter_cancelled_at_any_step_leaves_nothing(OpCode step, string where)
    {
        await using var holder = cluster.Connect();
        await using var waiter = cluster.Connect();
        await using var next = cluster.Connect();
        var held = await new DistributedSemaphore(holder, "/s", 1).AcquireAsync().Soon();
        await waiter.ConnectAsync().Soon();
        var fault = cluster.On(step, FaultKind.Swallow, path => path.StartsWith(where, StringComparison.Ordinal));
        using var cancel = new CancellationTokenSource();

        var waiting = new DistributedSemaphore(waiter, "/s", 1).AcquireAsync(ct: cancel.Token).AsTask();
        await fault.Hit.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        cluster.CutAll();
        var following = new DistributedSemaphore(next, "/s", 1).AcquireAsync().AsTask();
        await held.DisposeAsync().Soon();
        await using var granted = await following.Soon();

        await UntilLeasesAsync(next, 1);
    }

    [Fact]
    public async Task A_waiter_whose_session_was_lost_stands_in_line_again()
    {
        await using var holder = cluster.Connect();
        await using var waiter = cluster.Connect();
        var held = await new DistributedSemaphore(holder, "/s", 1).AcquireAsync().Soon();
        var waiting = new DistributedSemaphore(waiter, "/s", 1).AcquireAsync().AsTask();
        await UntilLeasesAsync(holder, 2);

        cluster.Expire(waiter.Session.Id.Value);
        await UntilLeasesAsync(holder, 2);
        await held.DisposeAsync().Soon();

        await using var granted = await waiting.Soon();
        Assert.Equal(waiter.Session.Id.Value, cluster.Look(tree => tree.Find(granted.Path)!.Owner));
    }

    [Fact]
    public async Task A_handle_of_several_permits_is_lost_with_any_of_them()
    {
        await using var coord = cluster.Connect();
        var held = await new DistributedSemaphore(coord, "/s", 3).AcquireAsync(2).Soon();
        Assert.True(await held.VerifyAsync().Soon());
        var last = Leases()[^1];
        cluster.Edit(tree => tree.Delete($"/s/leases/{last}", -1));

        Assert.False(await held.VerifyAsync().Soon());
        await held.LostToken.WaitAsync();

        Assert.Equal(HandleState.Lost, held.State);
        await Assert.ThrowsAsync<LockLostException>(() => held.CreateMulti().CommitAsync().Soon());
        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());
        Assert.Empty(Leases());
    }

    private static (int Limit, int Free) Numbers(SemaphoreState state) => (state.Limit, state.Free);

    private static async Task UntilLeasesAsync(CoordClient client, int count)
    {
        await foreach (var _ in client.WatchAsync("/s/leases", WatchScope.Children))
        {
            if ((await client.GetChildrenAsync("/s/leases")).Names.Count == count)
                return;
        }
    }

    private List<string> Leases() => cluster.Look(tree => tree.ChildrenOf("/s/leases").ToList());

    private string Root() => cluster.Look(tree => Encoding.UTF8.GetString(tree.Find("/s")!.Bytes));
}
