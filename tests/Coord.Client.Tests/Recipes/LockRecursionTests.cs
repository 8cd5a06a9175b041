using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Who would wait for itself is told so instead (client-sdk.md 9, reentrancy).</summary>
public sealed class LockRecursionTests : IAsyncDisposable
{
    private readonly ScriptedCluster cluster = new();
    private readonly CoordClient coord;
    private readonly DistributedMutex mutex;

    public LockRecursionTests()
    {
        coord = cluster.Connect();
        mutex = new DistributedMutex(coord, "/lock");
    }

    public async ValueTask DisposeAsync()
    {
        await coord.DisposeAsync();
        cluster.Dispose();
    }

    [Fact]
    public async Task A_flow_that_holds_a_lock_is_not_made_to_wait_for_itself()
    {
        var held = await mutex.AcquireAsync().Soon();

        await Assert.ThrowsAsync<LockRecursionException>(() => mutex.AcquireAsync().Soon());
        await Assert.ThrowsAsync<LockRecursionException>(
            () => new DistributedMutex(coord, "/lock").TryAcquireAsync(TimeSpan.FromHours(1)).Soon());
        Assert.Null(await mutex.TryAcquireAsync().Soon());
        await using var elsewhere = await new DistributedMutex(coord, "/other").AcquireAsync().Soon();
        await held.DisposeAsync().Soon();
        await using var again = await mutex.AcquireAsync().Soon();
    }

    [Fact]
    public async Task A_branch_of_the_holders_flow_may_say_that_it_really_waits()
    {
        var held = await mutex.AcquireAsync().Soon();

        var branch = Task.Run(() => mutex.AcquireAsync(null, AcquireOptions.Independent).Soon());
        await held.DisposeAsync().Soon();

        await using var granted = await branch.Soon();
        Assert.True(granted.Token > held.Token);
    }

    [Theory]
    [InlineData("mutex")]
    [InlineData("reader behind a writer")]
    [InlineData("writer behind a reader")]
    [InlineData("single znode")]
    public async Task A_branch_of_the_holders_flow_may_say_so_of_a_try_with_time(string kind)
    {
        var both = new DistributedReadWriteLock(coord, "/both");
        var single = new SingleZnodeLock(coord, "/single");
        ILockHandle held = kind switch
        {
            "mutex" => await mutex.AcquireAsync().Soon(),
            "reader behind a writer" => await both.AcquireWriteAsync().Soon(),
            "writer behind a reader" => await both.AcquireReadAsync().Soon(),
            _ => await single.AcquireAsync().Soon(),
        };
        async Task<ILockHandle?> TryAsync(AcquireOptions how) => kind switch
        {
            "mutex" => await mutex.TryAcquireAsync(TimeSpan.FromHours(1), how).Soon(),
            "reader behind a writer" => await both.TryAcquireReadAsync(TimeSpan.FromHours(1), how).Soon(),
            "writer behind a reader" => await both.TryAcquireWriteAsync(TimeSpan.FromHours(1), how).Soon(),
            _ => await single.TryAcquireAsync(TimeSpan.FromHours(1), how).Soon(),
        };

        await Assert.ThrowsAsync<LockRecursionException>(() => TryAsync(AcquireOptions.None));
        var branch = Task.Run(() => TryAsync(AcquireOptions.Independent));
        await held.DisposeAsync().Soon();

        await using var granted = await branch.Soon();
        Assert.NotNull(granted);
    }

    [Fact]
    public async Task Branches_beside_each_other_wait_for_each_other()
    {
        var probe = new ExclusionProbe();
        await (await mutex.AcquireAsync().Soon()).DisposeAsync().Soon();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            for (var i = 0; i < 5; i++)
            {
                await using var held = await mutex.AcquireAsync().Soon();
                await probe.RunAsync(held);
            }
        })).Soon();

        Assert.Equal(25, probe.Sections);
    }

    [Fact]
    public async Task Detection_can_be_switched_off()
    {
        var plain = new DistributedMutex(coord, "/lock", new MutexOptions { DetectRecursion = false });
        var held = await plain.AcquireAsync().Soon();

        var waiting = plain.AcquireAsync().AsTask();
        await held.DisposeAsync().Soon();

        await using var granted = await waiting.Soon();
    }

    [Fact]
    public async Task A_lost_lock_is_not_held_by_its_flow()
    {
        var held = await mutex.AcquireAsync().Soon();
        cluster.Expire(coord.Session.Id.Value);
        await held.LostToken.WaitAsync();

        await using var again = await mutex.AcquireAsync().Soon();
        Assert.True(again.Token > held.Token);
    }

    [Fact]
    public async Task A_shared_lock_is_released_with_its_last_handle()
    {
        var held = await mutex.AcquireAsync().Soon();
        var shared = held.Share();

        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
        Assert.Equal((HandleState.Released, HandleState.Held), (held.State, shared.State));
        Assert.True(await shared.VerifyAsync().Soon());
        Assert.Throws<LockLostException>(() => held.Share());
        await shared.DisposeAsync().Soon();

        Assert.Empty(cluster.Look(tree => tree.ChildrenOf("/lock").ToList()));
        Assert.Throws<LockLostException>(() => shared.Share());
    }
}
