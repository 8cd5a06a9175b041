using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Several locks, all or none (client-sdk.md 10.4).</summary>
public sealed class MultiLockTests : IAsyncDisposable
{
    private readonly ScriptedCluster cluster = new();
    private readonly CoordClient coord;
    private readonly CoordClient other;

    public MultiLockTests()
    {
        coord = cluster.Connect();
        other = cluster.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await coord.DisposeAsync();
        await other.DisposeAsync();
        cluster.Dispose();
    }

    /// <summary>Acceptance scenario 12: whatever order the locks are named in, nobody waits in a circle.</summary>
    [Fact]
    public async Task Shuffled_locks_are_taken_without_a_deadlock()
    {
        var shuffled = new ShuffledLocks(["/a", "/b", "/c", "/d"]);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await using var client = cluster.Connect();
            await shuffled.ContendAsync(client, sections: 5);
        })).Soon();
    }

    [Fact]
    public async Task Locks_are_sorted_and_taken_once_and_a_missing_one_gives_the_others_back()
    {
        var all = new DistributedMultiLock([Mutex("/b"), Mutex("/a"), Mutex("/b")]);
        Assert.Equal(["/a", "/b"], all.Locks.Select(one => one.Path));
        var held = await new DistributedMutex(other, "/b").AcquireAsync().Soon();

        Assert.Null(await all.TryAcquireAsync().Soon());
        Assert.Null(await all.TryAcquireAsync(TimeSpan.FromMilliseconds(50)).Soon());
        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => all.AcquireAsync(TimeSpan.FromMilliseconds(50)).Soon());

        Assert.Contains("/b", error.Message, StringComparison.Ordinal);
        Assert.Empty(cluster.Look(tree => tree.ChildrenOf("/a").ToList()));
        await held.DisposeAsync().Soon();
        await using var both = await all.AcquireAsync().Soon();
        Assert.Equal(["/a", "/b"], both.Tokens.Keys.Order());
        Assert.Equal(both.Tokens["/a"], both.Token);
    }

    [Fact]
    public async Task The_loss_of_any_part_is_the_loss_of_all_and_the_guard_checks_each()
    {
        var held = await new DistributedMultiLock([Mutex("/a"), Mutex("/b")]).AcquireAsync().Soon();
        await coord.CreateAsync("/x").Soon();
        await held.CreateMulti().Set("/x", new byte[1], 0).CommitAsync().Soon();
        var guarded = held.CreateMulti().Set("/x", new byte[1]);
        cluster.Edit(tree => tree.Delete($"/b/{tree.ChildrenOf("/b").Single()}", -1));

        await Assert.ThrowsAsync<MultiFailedException>(() => guarded.CommitAsync().Soon());
        Assert.False(await held.VerifyAsync().Soon());
        await held.LostToken.WaitAsync();

        Assert.Equal((HandleState.Lost, TimeSpan.Zero), (held.State, held.Remaining));
        Assert.Throws<LockLostException>(held.ThrowIfLost);
        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());
        Assert.Empty(cluster.Look(tree => tree.ChildrenOf("/a").ToList()));
    }

    [Fact]
    public async Task Locks_of_two_clients_are_one_handle_but_no_multi_checks_both()
    {
        var both = new DistributedReadWriteLock(other, "/b");
        var held = await new DistributedMultiLock([Mutex("/a"), both.Writing]).AcquireAsync().Soon();
        var shared = held.Share();
        await held.DisposeAsync().Soon();

        Assert.Throws<InvalidOperationException>(() => shared.CreateMulti());
        Assert.Equal(HandleState.Held, shared.State);
        Assert.Null(await both.TryAcquireReadAsync().Soon());
        cluster.Expire(other.Session.Id.Value);
        await shared.LostToken.WaitAsync();

        Assert.Equal(HandleState.Lost, shared.State);
    }

    [Fact]
    public void A_multi_lock_needs_locks_of_one_kind_for_each_path()
    {
        var both = new DistributedReadWriteLock(coord, "/a");

        Assert.Throws<ArgumentNullException>(() => new DistributedMultiLock(null!));
        Assert.Throws<ArgumentException>(() => new DistributedMultiLock([]));
        Assert.Throws<ArgumentNullException>(() => new DistributedMultiLock([null!]));
        Assert.Throws<ArgumentException>(() => new DistributedMultiLock([both.Reading, both.Writing]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new DistributedMultiLock([Mutex("/a")]).AcquireAsync(TimeSpan.FromSeconds(-2)).AsTask().GetAwaiter()
                .GetResult());
    }

    private DistributedMutex Mutex(string path) => new(coord, path);
}
