using System.Text;
using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>The mutex, the same on every server.</summary>
public abstract class LockContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    private string LockPath => At("lock");

    [Fact]
    public async Task Sections_of_many_clients_never_overlap_and_tokens_grow()
    {
        const int Clients = 5;
        const int SectionsEach = 20;
        var probe = new ExclusionProbe();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            var mutex = new DistributedMutex(Connect(), LockPath);
            for (var i = 0; i < SectionsEach; i++)
            {
                await using var held = await mutex.AcquireAsync();
                await probe.RunAsync(held);
            }
        })).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Clients * SectionsEach, probe.Sections);
        Assert.Empty((await Coord.GetChildrenAsync(LockPath, ReadOptions.Fresh).Soon()).Names);
    }

    [Fact]
    public async Task A_second_try_is_refused_while_the_lock_is_held_and_writes_nothing()
    {
        await using var held = await new DistributedMutex(Coord, LockPath).AcquireAsync().Soon();
        var other = new DistributedMutex(Connect(), LockPath);
        var before = (await Coord.ExistsAsync(LockPath).Soon())!.Value.Pzxid;

        Assert.Null(await other.TryAcquireAsync().Soon());

        Assert.Equal(before, (await Coord.ExistsAsync(LockPath, ReadOptions.Fresh).Soon())!.Value.Pzxid);
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
        await using var second = await other.TryAcquireAsync().Soon();
        Assert.NotNull(second);
        Assert.True(second.Token > held.Token);
    }

    /// <summary>Acceptance scenario 6: who times out or is cancelled leaves no znode.</summary>
    [Fact]
    public async Task A_waiter_whose_time_is_up_leaves_no_znode()
    {
        await using var held = await new DistributedMutex(Coord, LockPath).AcquireAsync().Soon();
        var mutex = new DistributedMutex(Connect(), LockPath);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAsync<TimeoutException>(() => mutex.AcquireAsync(TimeSpan.FromMilliseconds(300)).Soon());
        Assert.Null(await mutex.TryAcquireAsync(TimeSpan.FromMilliseconds(300)).Soon());
        await Assert.ThrowsAsync<OperationCanceledException>(() => mutex.AcquireAsync(ct: cancel.Token).Soon());

        var names = (await Coord.GetChildrenAsync(LockPath, ReadOptions.Fresh).Soon()).Names;
        Assert.Equal([ZnodePath.Name(held.Path)], names);
    }

    [Fact]
    public async Task Waiters_are_served_in_the_order_they_came()
    {
        var held = await new DistributedMutex(Coord, LockPath).AcquireAsync().Soon();
        var served = new List<int>();
        var waiters = new List<Task>();
        for (var i = 0; i < 10; i++)
        {
            var number = i;
            var mutex = new DistributedMutex(Connect(), LockPath);
            waiters.Add(Task.Run(async () =>
            {
                await using var turn = await mutex.AcquireAsync();
                served.Add(number);
            }));
            await UntilContendersAsync(i + 2);
        }

        await held.DisposeAsync().Soon();
        await Task.WhenAll(waiters).Soon();

        Assert.Equal(Enumerable.Range(0, 10), served);
    }

    [Fact]
    public async Task Contenders_say_who_they_are()
    {
        var named = Connect(new CoordClientOptions { ClientName = "till 7" });
        var options = new MutexOptions { Note = "night run" };
        await using var held = await new DistributedMutex(named, LockPath, options).AcquireAsync().Soon();

        var state = await new DistributedMutex(Coord, LockPath).GetStateAsync().Soon();

        var holder = Assert.Single(state.Holders);
        Assert.Empty(state.Waiting);
        Assert.Equal(
            (held.Path, "till 7", "night run", Environment.ProcessId),
            (holder.Path, holder.Record!.Client, holder.Record.Note, holder.Record.ProcessId));
    }

    [Fact]
    public async Task A_holder_asked_to_let_go_hears_of_it_and_keeps_the_lock()
    {
        await using var held = await new DistributedMutex(Coord, LockPath).AcquireAsync().Soon();
        var revoked = held.RevokedToken;
        var other = new DistributedMutex(Connect(), LockPath);

        Assert.True(await other.RevokeAsync("maintenance").Soon());
        await revoked.WaitAsync();

        Assert.Equal(HandleState.Held, held.State);
        Assert.Equal("maintenance", (await other.GetStateAsync().Soon()).Holders[0].Record!.RevokedFor);
        await held.DisposeAsync().Soon();
        Assert.False(await other.RevokeAsync("again").Soon());
    }

    /// <summary>A crash is noticed by the note it leaves; a release takes the note with it.</summary>
    [Fact]
    public async Task A_holder_leaves_a_note_and_takes_it_with_it()
    {
        var options = new MutexOptions { AfterCrashDelay = TimeSpan.FromMilliseconds(1) };
        var mutex = new DistributedMutex(Coord, LockPath, options);
        var held = await mutex.AcquireAsync().Soon();
        var noted = Encoding.UTF8.GetString((await Coord.GetAsync(LockPath).Soon()).Bytes.Span);

        await held.DisposeAsync().Soon();
        var cleared = Encoding.UTF8.GetString((await Coord.GetAsync(LockPath).Soon()).Bytes.Span);
        await using var second = await mutex.AcquireAsync().Soon();
        await Connect().DeleteAsync(second.Path).Soon();
        await using var third = await new DistributedMutex(Connect(), LockPath, options).AcquireAsync().Soon();

        Assert.Equal(($"coord:mutex:1 {held.Token.Value}", "coord:mutex:1"), (noted, cleared));
        Assert.True(third.Token > second.Token);
    }

    [Fact]
    public async Task A_guarded_multi_is_done_under_the_lock_or_not_at_all()
    {
        var held = await new DistributedMutex(Coord, LockPath).AcquireAsync().Soon();
        await Coord.CreateAsync(At("a")).Soon();

        await held.CreateMulti().Set(At("a"), default, 0).CommitAsync().Soon();
        Assert.True(await held.VerifyAsync().Soon());
        await Connect().DeleteAsync(held.Path).Soon();

        await Assert.ThrowsAsync<LockLostException>(
            () => held.CreateMulti().Set(At("a"), default, 1).CommitAsync().Soon());
        Assert.False(await held.VerifyAsync().Soon());
        Assert.Equal(1, (await Coord.GetAsync(At("a")).Soon()).Stat.Version);
        await held.DisposeAsync().Soon();
    }

    [Fact]
    public async Task A_lock_deleted_by_hand_is_found_out_by_the_heartbeat()
    {
        var client = Connect(new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(10) });
        await using var held = await new DistributedMutex(client, LockPath).AcquireAsync().Soon();

        await Coord.DeleteAsync(held.Path).Soon();
        await held.LostToken.WaitAsync();

        Assert.Equal(HandleState.Lost, held.State);
        Assert.False(client.Session.IsLost);
    }

    /// <summary>
    /// Heartbeats must prove the session on every server; without proof the handle would end at its deadline.
    /// </summary>
    [Fact]
    public async Task A_lock_is_held_for_longer_than_the_session_timeout()
    {
        var client = Connect(new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(6) });
        await using var held = await new DistributedMutex(client, LockPath).AcquireAsync().Soon();
        var longer = 1.2 * client.Session.NegotiatedTimeout;
        var least = TimeSpan.MaxValue;

        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < longer;)
        {
            Assert.True(await held.VerifyAsync().Soon());
            least = held.Remaining < least ? held.Remaining : least;
        }

        Assert.Equal(HandleState.Held, held.State);
        Assert.True(least > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_lock_survives_the_loss_of_any_node()
    {
        await using var held = await new DistributedMutex(Coord, LockPath).AcquireAsync().Soon();
        for (var node = 1; node <= 3; node++)
        {
            await Cluster.KillAsync(node).Soon();
            Assert.True(await held.VerifyWithRetryAsync());
            await Cluster.RestartAsync(node);
        }

        Assert.False(held.LostToken.IsCancellationRequested);
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
    }

    /// <summary>Acceptance scenario 8: one wake-up per release, so a line of many moves on at a steady pace.</summary>
    [Fact]
    public async Task A_line_of_two_hundred_moves_on_one_by_one()
    {
        const int Waiters = 200;
        var held = await new DistributedMutex(Coord, LockPath).AcquireAsync().Soon();
        var probe = new ExclusionProbe();
        var client = Connect();
        var waiting = Enumerable.Range(0, Waiters).Select(async _ =>
        {
            await using var turn = await new DistributedMutex(client, LockPath).AcquireAsync();
            await probe.RunAsync(turn);
        }).ToArray();
        await UntilContendersAsync(Waiters + 1);

        await held.DisposeAsync().Soon();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(Waiters, probe.Sections);
    }

    private async Task UntilContendersAsync(int count)
    {
        await foreach (var _ in Coord.WatchAsync(LockPath, WatchScope.Children))
        {
            if ((await Coord.GetChildrenAsync(LockPath)).Names.Count == count)
                return;
        }
    }
}
