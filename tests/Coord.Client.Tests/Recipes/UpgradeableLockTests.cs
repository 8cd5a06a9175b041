using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>The upgradeable lock under faults (client-sdk.md 10.3).</summary>
public sealed class UpgradeableLockTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    /// <summary>Acceptance scenario 1, for the create and for the mark of the holder.</summary>
    [Theory]
    [InlineData(OpCode.Create2, FaultKind.DropReply)]
    [InlineData(OpCode.Create2, FaultKind.DropRequest)]
    [InlineData(OpCode.Multi, FaultKind.DropReply)]
    [InlineData(OpCode.Multi, FaultKind.DropRequest)]
    public async Task A_lost_reply_makes_one_znode_and_one_grant(OpCode step, FaultKind kind)
    {
        await using var coord = cluster.Connect();
        var all = new DistributedUpgradeableLock(coord, "/lock");
        await (await all.AcquireReadAsync().Soon()).DisposeAsync().Soon();
        var fault = cluster.On(step, kind);

        await using var held = await all.AcquireUpgradeableAsync().Soon();

        await fault.Hit.Soon();
        Assert.Equal([ZnodePath.Name(held.Path)], Contenders());
        Assert.Equal(held.Token.Value, (await coord.GetAsync(held.Path).Soon()).Stat.Mzxid);
        Assert.Single((await all.GetStateAsync().Soon()).Holders);
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task An_upgrade_whose_beginning_is_lost_is_done_once(FaultKind kind)
    {
        await using var coord = cluster.Connect();
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        var fault = cluster.On(OpCode.Multi, kind);

        await using var upgraded = await held.UpgradeAsync().Soon();

        await fault.Hit.Soon();
        Assert.Equal(Names(held, upgraded), Contenders());
        Assert.Equal(coord.Session.Id.Value, cluster.Look(tree => tree.Find(upgraded.Path)!.Owner));
        Assert.True(upgraded.Token > held.Token);
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task An_upgrade_whose_end_is_lost_is_done_once(FaultKind kind)
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        var reader = await new DistributedUpgradeableLock(other, "/lock").AcquireReadAsync().Soon();
        var upgrading = held.UpgradeAsync().AsTask();
        await UntilContendersAsync(other, 3);
        var fault = cluster.On(OpCode.Multi, kind);
        await reader.DisposeAsync().Soon();

        await using var upgraded = await upgrading.Soon();

        await fault.Hit.Soon();
        Assert.Equal(Names(held, upgraded), Contenders());
        Assert.Equal(upgraded.Token.Value, (await coord.GetAsync(upgraded.Path).Soon()).Stat.Mzxid);
    }

    /// <summary>Acceptance scenario 24: a copy of the beginning that arrives late would keep everybody out.</summary>
    [Fact]
    public async Task A_beginning_held_back_until_the_next_one_was_done_is_not_carried_out()
    {
        await using var coord = cluster.Connect();
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        var fault = cluster.On(OpCode.Multi, FaultKind.HoldBack);
        var upgraded = await held.UpgradeAsync().Soon();

        await fault.Hit.Soon();
        fault.Deliver();

        Assert.Equal(Names(held, upgraded), Contenders());
        await upgraded.DisposeAsync().Soon();
        await using var reader = await new DistributedUpgradeableLock(coord, "/lock").TryAcquireReadAsync().Soon();
        Assert.NotNull(reader);
    }

    /// <summary>
    /// A reader that read the line before an upgrade began, and marks its znode after it, would hold beside it.
    /// </summary>
    [Fact]
    public async Task A_readers_mark_held_back_until_an_upgrade_was_granted_is_not_written()
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        await other.ConnectAsync().Soon();
        var marking = cluster.On(OpCode.Multi, FaultKind.HoldBack);
        cluster.RefusesHandshakes = true;
        var reading = new DistributedUpgradeableLock(other, "/lock").AcquireReadAsync().AsTask();
        await marking.Hit.Soon();

        var upgraded = await held.UpgradeAsync().Soon();
        marking.Deliver();

        var reader = Contenders().Single(name => name.Contains("-r-", StringComparison.Ordinal));
        Assert.Equal(0, cluster.Look(tree => tree.Find($"/lock/{reader}")!.Version));
        cluster.RefusesHandshakes = false;
        await upgraded.DisposeAsync().Soon();
        await using var granted = await reading.Soon();
        Assert.True(granted.Token > upgraded.Token);
    }

    /// <summary>Acceptance scenario 6: wherever an upgrade ends, no znode of it stays and the read is held.</summary>
    [Theory]
    [InlineData(OpCode.Multi)]
    [InlineData(OpCode.GetChildren2)]
    [InlineData(OpCode.GetData)]
    public async Task An_upgrade_cancelled_at_any_step_leaves_nothing_but_the_read(OpCode step)
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        await using var reader = await new DistributedUpgradeableLock(other, "/lock").AcquireReadAsync().Soon();
        var fault = cluster.On(step, FaultKind.Swallow);
        using var cancel = new CancellationTokenSource();

        var upgrading = held.UpgradeAsync(ct: cancel.Token).AsTask();
        await fault.Hit.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upgrading.Soon());
        cluster.CutAll();

        for (var left = 1000; left > 0 && Contenders().Count > 2; left--)
            await coord.SyncAsync().Soon();
        Assert.Equal(Names(held, reader), Contenders());
        await coord.SyncAsync().Soon();
        Assert.True(await held.VerifyAsync().Soon());
    }

    [Fact]
    public async Task An_upgrade_of_a_read_that_was_deleted_says_that_it_is_lost()
    {
        await using var coord = cluster.Connect();
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        cluster.Edit(tree => tree.Delete(held.Path, -1));

        await Assert.ThrowsAsync<LockLostException>(() => held.UpgradeAsync().Soon());

        Assert.Empty(Contenders());
    }

    [Fact]
    public async Task A_read_is_upgraded_once_at_a_time_and_not_when_released()
    {
        await using var coord = cluster.Connect();
        var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        var upgraded = await held.UpgradeAsync().Soon();

        await Assert.ThrowsAsync<InvalidOperationException>(() => held.UpgradeAsync().Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => held.TryUpgradeAsync().Soon());
        await upgraded.DisposeAsync().Soon();
        await (await held.UpgradeAsync().Soon()).DisposeAsync().Soon();
        await held.DisposeAsync().Soon();

        await Assert.ThrowsAsync<LockLostException>(() => held.UpgradeAsync().Soon());
    }

    [Fact]
    public async Task Both_handles_of_an_upgrade_are_lost_with_the_session()
    {
        var time = new FakeTimeProvider();
        await using var coord = new CoordClient(
            cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        await using var upgraded = await held.UpgradeAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();

        time.Advance(coord.Session.NegotiatedTimeout);

        await held.LostToken.WaitAsync();
        await upgraded.LostToken.WaitAsync();
        Assert.Equal((HandleState.Lost, HandleState.Lost), (held.State, upgraded.State));
    }

    [Fact]
    public async Task A_flow_that_reads_is_not_made_to_wait_for_itself()
    {
        await using var coord = cluster.Connect();
        var all = new DistributedUpgradeableLock(coord, "/lock");
        await using var reading = await all.AcquireUpgradeableAsync().Soon();

        await Assert.ThrowsAsync<LockRecursionException>(() => all.AcquireWriteAsync().Soon());
        await Assert.ThrowsAsync<LockRecursionException>(() => all.AcquireUpgradeableAsync().Soon());
        Assert.Null(await all.TryAcquireWriteAsync().Soon());
    }

    [Fact]
    public async Task A_flow_that_was_upgraded_and_let_the_read_go_is_not_made_to_wait_for_itself()
    {
        await using var coord = cluster.Connect();
        var all = new DistributedUpgradeableLock(coord, "/lock");
        var reading = await all.AcquireUpgradeableAsync().Soon();
        var upgraded = await reading.UpgradeAsync().Soon();
        await reading.DisposeAsync().Soon();

        await Assert.ThrowsAsync<LockRecursionException>(() => all.AcquireReadAsync().Soon());
        await upgraded.DisposeAsync().Soon();

        await using var again = await all.AcquireReadAsync().Soon();
        Assert.Equal(HandleState.Held, again.State);
    }

    /// <summary>The reader stands behind, so that its znode alone tells that it holds.</summary>
    [Theory]
    [InlineData("\u20ac")]
    [InlineData("\U0001d11e")]
    [InlineData("\u0001")]
    public async Task A_reader_asked_to_let_go_is_waited_for_whatever_the_reason(string letter)
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        var all = new DistributedUpgradeableLock(coord, "/lock");
        await using var held = await all.AcquireUpgradeableAsync().Soon();
        await using var reader = await new DistributedUpgradeableLock(other, "/lock").AcquireReadAsync().Soon();
        var revoked = reader.RevokedToken;
        var reason = string.Concat(Enumerable.Repeat(letter, 256 / letter.Length));

        Assert.Equal(2, await all.RevokeAsync(reason).Soon());

        await revoked.WaitAsync();
        Assert.Null(await held.TryUpgradeAsync().Soon());
        var holders = (await all.GetStateAsync().Soon()).Holders;
        Assert.Equal(2, holders.Count);
        Assert.All(holders, holder => Assert.StartsWith(
            Assert.IsType<string>(holder.Record?.RevokedFor), reason, StringComparison.Ordinal));
        Assert.InRange((await coord.GetAsync(reader.Path).Soon()).Bytes.Length, 1, 1024);
    }

    [Fact]
    public async Task A_mark_that_is_refused_ends_the_acquisition()
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        var all = new DistributedUpgradeableLock(other, "/lock");
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        cluster.Edit(tree => tree.RefusesSet = path => path != "/lock");

        var waiting = await Assert.ThrowsAsync<MultiFailedException>(() => all.AcquireReadAsync().Soon());
        var trying = await Assert.ThrowsAsync<MultiFailedException>(() => all.TryAcquireReadAsync().Soon());
        var upgrading = await Assert.ThrowsAsync<MultiFailedException>(() => held.UpgradeAsync().Soon());

        Assert.All([waiting, trying, upgrading], refused => Assert.Equal(ErrorCode.NoAuth, refused.Code));
        Assert.Equal(Names(held), Contenders());
        Assert.True(await held.VerifyAsync().Soon());
    }

    [Fact]
    public async Task A_read_released_while_its_upgrade_waits_takes_the_upgrade_with_it()
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        await using var reader = await new DistributedUpgradeableLock(other, "/lock").AcquireReadAsync().Soon();
        var upgrading = held.UpgradeAsync().AsTask();
        await UntilContendersAsync(other, 3);

        await held.DisposeAsync().Soon();

        await Assert.ThrowsAsync<LockLostException>(() => upgrading.Soon());
        Assert.Equal(Names(reader), Contenders());
    }

    [Theory]
    [InlineData(OpCode.Multi)]
    [InlineData(OpCode.GetChildren2)]
    [InlineData(OpCode.GetData)]
    public async Task An_upgrade_whose_session_is_lost_says_that_the_read_is(OpCode step)
    {
        var time = new FakeTimeProvider();
        await using var coord = new CoordClient(
            cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        await using var held = await new DistributedUpgradeableLock(coord, "/lock").AcquireUpgradeableAsync().Soon();
        var fault = cluster.On(step, FaultKind.Swallow);
        var upgrading = held.UpgradeAsync().AsTask();
        await fault.Hit.Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();

        time.Advance(coord.Session.NegotiatedTimeout);

        await Assert.ThrowsAsync<LockLostException>(() => upgrading.Soon());
    }

    private static async Task UntilContendersAsync(CoordClient client, int count)
    {
        await foreach (var _ in client.WatchAsync("/lock", WatchScope.Children))
        {
            if ((await client.GetChildrenAsync("/lock")).Names.Count == count)
                return;
        }
    }

    private static IEnumerable<string> Names(params ILockHandle[] handles) =>
        handles.Select(handle => ZnodePath.Name(handle.Path)).Order(StringComparer.Ordinal);

    private List<string> Contenders() =>
        cluster.Look(tree => tree.ChildrenOf("/lock").Order(StringComparer.Ordinal).ToList());
}
