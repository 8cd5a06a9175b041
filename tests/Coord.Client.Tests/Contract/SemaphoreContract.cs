using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>
/// The semaphore, the multi-lock, the lock of one znode and the timed lock, the same on every server.
/// </summary>
public abstract class SemaphoreContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    private string SemaphorePath => At("semaphore");

    [Fact]
    public async Task Permits_of_many_clients_never_exceed_the_limit()
    {
        const int Limit = 3;
        const int Clients = 5;
        const int SectionsEach = 10;
        var inside = 0;
        var sections = 0;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            var semaphore = new DistributedSemaphore(Connect(), SemaphorePath, Limit);
            for (var i = 0; i < SectionsEach; i++)
            {
                var permits = 1 + ((number + i) % Limit);
                await using var held = await semaphore.AcquireAsync(permits);
                Assert.InRange(Interlocked.Add(ref inside, permits), permits, Limit);
                Interlocked.Increment(ref sections);
                await Task.Yield();
                Interlocked.Add(ref inside, -permits);
            }
        })).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Clients * SectionsEach, sections);
        Assert.Equal(Limit, (await new DistributedSemaphore(Coord, SemaphorePath, Limit).GetStateAsync().Soon()).Free);
    }

    [Fact]
    public async Task A_limit_holds_for_everyone_and_can_be_changed()
    {
        var semaphore = new DistributedSemaphore(Coord, SemaphorePath, 1);
        await using var held = await semaphore.AcquireAsync().Soon();
        var other = new DistributedSemaphore(Connect(), SemaphorePath, 1);
        Assert.Null(await other.TryAcquireAsync().Soon());

        var error = await Assert.ThrowsAsync<SemaphoreLimitException>(
            () => new DistributedSemaphore(Connect(), SemaphorePath, 4).AcquireAsync().Soon());
        await semaphore.SetLimitAsync(2).Soon();

        Assert.Equal((1, 4), (error.Stored, error.Asked));
        await using var second = await other.TryAcquireAsync().Soon();
        Assert.NotNull(second);
        Assert.Equal(0, (await other.GetStateAsync().Soon()).Free);
    }

    [Fact]
    public async Task Several_locks_are_held_together()
    {
        var locks = new DistributedMultiLock(
            [new DistributedMutex(Coord, At("b")), new DistributedMutex(Coord, At("a"))]);
        var held = await locks.AcquireAsync().Soon();

        await held.CreateMulti().Create(At("x")).CommitAsync().Soon();
        Assert.Null(await new DistributedMutex(Connect(), At("b")).TryAcquireAsync().Soon());

        Assert.True(await held.VerifyAsync().Soon());
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
    }

    /// <summary>Acceptance scenario 12, on real servers.</summary>
    [Fact]
    public async Task Several_locks_in_any_order_are_taken_without_a_deadlock()
    {
        var shuffled = new ShuffledLocks([At("a"), At("b"), At("c"), At("d")]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shuffled.ContendAsync(Connect(), sections: 4))).Soon();
    }

    [Fact]
    public async Task A_timed_lock_is_handed_on_and_ends_with_its_time()
    {
        var other = Connect();
        var held = await Timed(Coord, seconds: 60).AcquireAsync().Soon();
        Assert.Null(await Timed(other, seconds: 60).TryAcquireAsync().Soon());
        var resumed = await Timed(other, seconds: 60).ResumeAsync(held.Detach()).Soon();
        Assert.Equal(held.Token, resumed.Token);
        Assert.Equal(ReleaseResult.Released, await resumed.ReleaseAsync().Soon());

        var brief = await Timed(Coord, seconds: 1).AcquireAsync().Soon();
        var next = await Timed(other, seconds: 1).AcquireAsync().Soon();

        Assert.True(brief.Token > held.Token);
        Assert.True(next.Token > brief.Token);
        Assert.Equal(HandleState.Lost, brief.State);
        Assert.Equal(ReleaseResult.AlreadyLost, await brief.ReleaseAsync().Soon());
    }

    [Fact]
    public async Task A_lock_of_one_znode_goes_to_one_and_then_to_the_next()
    {
        var probe = new ExclusionProbe();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var single = new SingleZnodeLock(Connect(), At("single"));
            for (var i = 0; i < 5; i++)
            {
                await using var held = await single.AcquireAsync();
                await probe.RunAsync(held);
            }
        })).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(20, probe.Sections);
        Assert.Null(await Coord.ExistsAsync(At("single"), ReadOptions.Fresh).Soon());
    }

    private TimedLock Timed(CoordClient client, int seconds) => new(
        client, At("timed"), new TimedLockOptions { Duration = TimeSpan.FromSeconds(seconds), AutoRenew = false });
}
