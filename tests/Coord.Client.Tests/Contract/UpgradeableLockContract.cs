using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>The upgradeable lock, the same on every server (client-sdk.md 10.3).</summary>
public abstract class UpgradeableLockContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    private string LockPath => At("lock");

    [Fact]
    public async Task A_writer_is_alone_whether_it_came_as_one_or_was_upgraded()
    {
        const int Clients = 4;
        const int SectionsEach = 12;
        var probe = new ReadWriteProbe();
        var tokens = new List<FencingToken>();

        async Task WriteAsync(ILockHandle writing)
        {
            tokens.Add(writing.Token);   // Writers are alone.
            await probe.WriteAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            var all = Open(Connect());
            for (var i = 0; i < SectionsEach; i++)
            {
                if ((number + i) % 3 == 0)
                {
                    await using var writing = await all.AcquireWriteAsync();
                    await WriteAsync(writing);
                }
                else if ((number + i) % 3 == 1)
                {
                    await using var upgradeable = await all.AcquireUpgradeableAsync();
                    await probe.ReadAsync();
                    await using (var upgraded = await upgradeable.UpgradeAsync())
                        await WriteAsync(upgraded);
                    await probe.ReadAsync();
                }
                else
                {
                    await using var reading = await all.AcquireReadAsync();
                    await probe.ReadAsync();
                }
            }
        })).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Clients * SectionsEach * 2 / 3, probe.Writes);
        Assert.Equal(tokens.Distinct().Order(), tokens);
        Assert.Empty((await Coord.GetChildrenAsync(LockPath, ReadOptions.Fresh).Soon()).Names);
    }

    /// <summary>Acceptance scenario 13.</summary>
    [Fact]
    public async Task An_upgrade_with_readers_behind_a_waiting_writer_completes_and_tokens_increase()
    {
        var before = await Open(Connect()).AcquireReadAsync().Soon();
        var upgradeable = await Open(Coord).AcquireUpgradeableAsync().Soon();
        var after = await Open(Connect()).AcquireReadAsync().Soon();
        var writing = Open(Connect()).AcquireWriteAsync().AsTask();
        await UntilAsync(holding: 3, waiting: 1);
        var reading = Open(Connect()).AcquireReadAsync().AsTask();
        await UntilAsync(holding: 3, waiting: 2);

        var upgrading = upgradeable.UpgradeAsync().AsTask();
        await UntilAsync(holding: 3, waiting: 3);
        await after.DisposeAsync().Soon();
        await UntilAsync(holding: 2, waiting: 3);
        await before.DisposeAsync().Soon();
        var upgraded = await upgrading.Soon();

        Assert.False(writing.IsCompleted || reading.IsCompleted);
        Assert.True(upgraded.Token > upgradeable.Token && upgraded.Token > after.Token && after.Token > before.Token);
        await upgraded.DisposeAsync().Soon();
        Assert.Null(await Open(Connect()).TryAcquireReadAsync().Soon());
        await upgradeable.DisposeAsync().Soon();
        var writer = await writing.Soon();
        Assert.True(writer.Token > upgraded.Token);
        Assert.False(reading.IsCompleted);
        await writer.DisposeAsync().Soon();
        await using var last = await reading.Soon();
        Assert.True(last.Token > writer.Token);
    }

    /// <summary>
    /// The readers behind it were not waited for; without it nobody stands before them but the upgrade.
    /// </summary>
    [Fact]
    public async Task A_writer_that_gives_up_lets_nobody_in_beside_an_upgrade()
    {
        await using var upgradeable = await Open(Coord).AcquireUpgradeableAsync().Soon();
        using var cancel = new CancellationTokenSource();
        var writing = Open(Connect()).AcquireWriteAsync(ct: cancel.Token).AsTask();
        await UntilAsync(holding: 1, waiting: 1);
        var reading = Open(Connect()).AcquireReadAsync().AsTask();
        await UntilAsync(holding: 1, waiting: 2);
        var upgraded = await upgradeable.UpgradeAsync().Soon();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Soon());
        await UntilAsync(holding: 2, waiting: 1);

        Assert.True(await upgraded.VerifyAsync().Soon());
        Assert.False(reading.IsCompleted);
        await upgraded.DisposeAsync().Soon();
        await using var reader = await reading.Soon();
        Assert.True(reader.Token > upgraded.Token);
    }

    [Fact]
    public async Task One_upgradeable_reader_at_a_time_beside_readers()
    {
        await using var first = await Open(Coord).AcquireUpgradeableAsync().Soon();
        var other = Open(Connect());

        Assert.Null(await other.TryAcquireUpgradeableAsync().Soon());
        Assert.Null(await other.TryAcquireWriteAsync().Soon());
        await using (await other.AcquireReadAsync().Soon())
            Assert.Null(await first.TryUpgradeAsync().Soon());
        await using (await first.UpgradeAsync().Soon())
            Assert.Null(await other.TryAcquireReadAsync().Soon());
        Assert.Equal(HandleState.Held, first.State);
    }

    [Fact]
    public async Task An_upgrade_that_is_given_up_leaves_the_read_as_it_was()
    {
        await using var upgradeable = await Open(Coord).AcquireUpgradeableAsync().Soon();
        var reader = await Open(Connect()).AcquireReadAsync().Soon();
        using var cancel = new CancellationTokenSource();
        var upgrading = upgradeable.UpgradeAsync(ct: cancel.Token).AsTask();
        await UntilAsync(holding: 2, waiting: 1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upgrading.Soon());
        await Assert.ThrowsAsync<TimeoutException>(
            () => upgradeable.UpgradeAsync(TimeSpan.FromMilliseconds(1)).Soon());

        Assert.True(await upgradeable.VerifyAsync().Soon());
        await using var second = await Open(Connect()).AcquireReadAsync().Soon();
        await second.DisposeAsync().Soon();
        await reader.DisposeAsync().Soon();
        await using var upgraded = await upgradeable.UpgradeAsync().Soon();
        Assert.True(upgraded.Token > second.Token);
    }

    [Fact]
    public async Task A_reader_that_was_asked_to_let_go_holds_until_it_does()
    {
        await using var upgradeable = await Open(Coord).AcquireUpgradeableAsync().Soon();
        var reader = await Open(Connect()).AcquireReadAsync().Soon();

        Assert.Equal(2, await Open(Connect()).RevokeAsync("upgrade waits").Soon());
        await reader.RevokedToken.WaitAsync();

        Assert.Null(await upgradeable.TryUpgradeAsync().Soon());
        await reader.DisposeAsync().Soon();
        await using var upgraded = await upgradeable.UpgradeAsync().Soon();
    }

    [Fact]
    public async Task A_branch_of_the_holders_flow_may_say_that_it_really_waits()
    {
        const AcquireOptions Independent = AcquireOptions.Independent;
        var (all, patience) = (Open(Coord), TimeSpan.FromHours(1));
        var held = await all.AcquireWriteAsync().Soon();
        await Assert.ThrowsAsync<LockRecursionException>(() => all.AcquireUpgradeableAsync().Soon());
        await Assert.ThrowsAsync<LockRecursionException>(() => all.TryAcquireReadAsync(patience).Soon());

        Task[] branches =
        [
            PassAsync(all.AcquireReadAsync(null, Independent)), PassAsync(all.AcquireWriteAsync(null, Independent)),
            PassAsync(all.AcquireUpgradeableAsync(null, Independent)),
            PassAsync(all.TryAcquireReadAsync(patience, Independent)),
            PassAsync(all.TryAcquireWriteAsync(patience, Independent)),
            PassAsync(all.TryAcquireUpgradeableAsync(patience, Independent)),
        ];
        await UntilAsync(holding: 1, waiting: branches.Length);
        await held.DisposeAsync().Soon();

        await Task.WhenAll(branches).Soon();

        async Task PassAsync<T>(ValueTask<T> acquiring)
            where T : ILockHandle?
        {
            await using var granted = await acquiring;
            Assert.True(granted?.Token > held.Token);
        }
    }

    private DistributedUpgradeableLock Open(CoordClient client) => new(client, LockPath);

    private async Task UntilAsync(int holding, int waiting)
    {
        var all = Open(Coord);
        await foreach (var _ in Coord.WatchAsync(LockPath, WatchScope.Subtree))
        {
            var state = await all.GetStateAsync();
            if (state.Holders.Count == holding && state.Waiting.Count == waiting)
                return;
        }
    }
}
