using System.Text;
using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>The lock that ends with its time (client-sdk.md 10.7).</summary>
public sealed class TimedLockTests : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RenewalPeriod = Duration / 3;

    private static readonly TimedLockOptions Renewed = new() { Duration = Duration };
    private static readonly TimedLockOptions Plain = new() { Duration = Duration, AutoRenew = false };

    private readonly ScriptedCluster cluster = new(nodes: 2);
    private readonly FakeTimeProvider time = new();
    private readonly CoordClient coord;
    private readonly CoordClient other;

    public TimedLockTests()
    {
        coord = cluster.Connect(time);
        other = cluster.Connect(time);
    }

    public async ValueTask DisposeAsync()
    {
        await coord.DisposeAsync();
        await other.DisposeAsync();
        cluster.Dispose();
    }

    /// <summary>Acceptance scenario 3: the holder's time ends before any waiter's count does.</summary>
    [Fact]
    public async Task A_hold_ends_before_the_next_begins()
    {
        var held = await new TimedLock(coord, "/t", Plain).AcquireAsync().Soon();
        var began = time.GetTimestamp();
        var waiting = new TimedLock(other, "/t", Plain).AcquireAsync().AsTask();

        await time.BegunAsync(CountOf(Duration));
        time.Advance(Duration);
        Assert.Equal((HandleState.Lost, TimeSpan.Zero), (held.State, held.Remaining));
        await held.LostToken.WaitAsync();
        Assert.False(waiting.IsCompleted);
        await time.PassAsync(CountOf(Duration));
        var next = await waiting.Soon();

        Assert.InRange(time.GetElapsedTime(began), CountOf(Duration), TimeSpan.MaxValue);
        Assert.True(next.Token > held.Token);
        Assert.False(await held.VerifyAsync().Soon());
        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());
        Assert.True(await next.VerifyAsync().Soon());
        Assert.Equal(ReleaseResult.Released, await next.ReleaseAsync().Soon());
        Assert.StartsWith("coord:timed-lock:1 - ", Holder(), StringComparison.Ordinal);
        Assert.NotNull(await new TimedLock(other, "/t", Plain).TryAcquireAsync().Soon());
    }

    [Fact]
    public async Task The_state_tells_who_has_it()
    {
        var night = new TimedLock(
            coord, "/t", new TimedLockOptions { Duration = Duration, AutoRenew = false, Note = "night" });
        var free = new TimedLockState(IsTaken: false, null, null, TimeSpan.Zero, 0);
        Assert.Equal(free, await night.GetStateAsync().Soon());

        var held = await night.AcquireAsync().Soon();
        var there = new TimedLock(other, "/t", Plain);
        Assert.Equal(
            new TimedLockState(IsTaken: true, coord.ClientName, "night", Duration, 0),
            await there.GetStateAsync().Soon());
        await held.ReleaseAsync().Soon();
        Assert.Equal(free, await there.GetStateAsync().Soon());
    }

    // Danger: a znode that was deleted and made again has the versions of the old one once more.
    [Fact]
    public async Task What_a_holder_sent_before_it_slept_does_nothing_in_a_later_hold()
    {
        await coord.CreateAsync("/x").Soon();
        var held = await new TimedLock(coord, "/t", Plain).AcquireAsync().Soon();
        var fault = cluster.On(OpCode.Multi, FaultKind.HoldBack);
        var late = held.CreateMulti().Set("/x", new byte[1]).CommitAsync().AsTask();
        await fault.Hit.Soon();

        var taking = new TimedLock(other, "/t", Plain).AcquireAsync().AsTask();
        await time.PassAsync(CountOf(Duration));
        await (await taking.Soon()).ReleaseAsync().Soon();
        var next = await new TimedLock(other, "/t", Plain).AcquireAsync().Soon();
        fault.Deliver();

        await Assert.ThrowsAnyAsync<Exception>(() => late.Soon());
        Assert.Equal(0, (await other.GetAsync("/x").Soon()).Stat.Version);
        Assert.True(await next.VerifyAsync().Soon());
    }

    [Fact]
    public async Task A_renewed_hold_lasts_and_a_release_lets_the_next_in()
    {
        var held = await new TimedLock(coord, "/t", Renewed).AcquireAsync().Soon();
        var waiting = new TimedLock(other, "/t", Renewed).AcquireAsync().AsTask();
        Assert.Null(await new TimedLock(other, "/t", Renewed).TryAcquireAsync().Soon());

        await PassRenewalsAsync(4 * Duration);

        Assert.False(waiting.IsCompleted);
        Assert.Equal(HandleState.Held, held.State);
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());
        await using var next = await waiting.Soon();
    }

    /// <summary>Acceptance scenario 5: a machine that slept finds its hold over at once.</summary>
    [Fact]
    public async Task A_hold_of_a_machine_that_slept_is_over_though_its_monotonic_clock_stood_still()
    {
        var held = await new TimedLock(coord, "/t", Renewed).AcquireAsync().Soon();
        await coord.CreateAsync("/x").Soon();
        var guarded = held.CreateMulti().Set("/x", new byte[1]);

        time.Suspend(Duration);

        Assert.Equal(HandleState.Lost, held.State);
        Assert.Throws<LockLostException>(held.ThrowIfLost);
        await Assert.ThrowsAsync<LockLostException>(() => guarded.CommitAsync().Soon());
        Assert.True(held.LostToken.IsCancellationRequested);
    }

    /// <summary>Acceptance scenario 1, for taking free and abandoned locks, and for renewals.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task A_lost_reply_neither_loses_nor_doubles_a_hold(FaultKind kind)
    {
        await coord.ConnectAsync().Soon();
        cluster.On(OpCode.Create2, kind, path => path == "/t/holder");
        var acquiring = new TimedLock(coord, "/t", Renewed).AcquireAsync().AsTask();
        await time.PassPausesAsync(acquiring);
        var first = await acquiring;
        cluster.On(OpCode.SetData, kind);
        await PassRenewalsAsync(Duration);
        Assert.Equal(HandleState.Held, first.State);
        first.Detach();
        cluster.On(OpCode.SetData, kind);

        acquiring = new TimedLock(coord, "/t", Renewed).AcquireAsync().AsTask();
        await time.PassAsync(CountOf(Duration));
        await time.PassPausesAsync(acquiring);
        var second = await acquiring;

        Assert.True(second.Token > first.Token);
        Assert.Equal(HandleState.Held, second.State);
        Assert.True(await second.VerifyAsync().Soon());
    }

    [Fact]
    public async Task A_hold_that_is_written_over_is_lost_at_its_next_renewal()
    {
        var held = await new TimedLock(coord, "/t", Renewed).AcquireAsync().Soon();
        cluster.Edit(tree => tree.Set("/t/holder", "coord:timed-lock:1 else 2000 0 c "u8.ToArray(), -1));

        await time.PassAsync(RenewalPeriod);
        await held.LostToken.WaitAsync();

        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());
        Assert.StartsWith("coord:timed-lock:1 else ", Holder(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_takes_a_hold_to_another_process_once()
    {
        var held = await new TimedLock(coord, "/t", Renewed).AcquireAsync().Soon();
        var text = held.Detach().Serialize();
        Assert.Equal(HandleState.Released, held.State);
        Assert.Throws<LockLostException>(() => held.Detach());
        var elsewhere = new TimedLock(other, "/t", Renewed);

        var resumed = await elsewhere.ResumeAsync(TimedLockTicket.Parse(text)).Soon();
        await PassRenewalsAsync(2 * Duration);

        Assert.Equal((held.Token, HandleState.Held), (resumed.Token, resumed.State));
        await Assert.ThrowsAsync<LockLostException>(
            () => elsewhere.ResumeAsync(TimedLockTicket.Parse(text)).Soon());
        await resumed.DisposeAsync().Soon();
        await Assert.ThrowsAsync<LockLostException>(
            () => elsewhere.ResumeAsync(TimedLockTicket.Parse(text)).Soon());
        Assert.DoesNotContain(text.Split(' ')[0], TimedLockTicket.Parse(text).ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TimedLockTicket.Parse("x"));
    }

    // Danger: a release leaves a tag that everybody knows, and with it anybody could take the lock, token and all.
    [Fact]
    public async Task A_ticket_that_names_a_free_lock_is_nobodys()
    {
        await (await new TimedLock(coord, "/t", Plain).AcquireAsync().Soon()).ReleaseAsync().Soon();
        var free = cluster.Look(tree => tree.Find("/t/holder")!.Version);
        var forged = new TimedLockTicket("/t", Holder().Split(' ')[1], new FencingToken(long.MaxValue));

        await Assert.ThrowsAsync<LockLostException>(
            () => new TimedLock(other, "/t", Renewed).ResumeAsync(forged).Soon());
        await Assert.ThrowsAsync<LockLostException>(
            () => new TimedLock(other, "/t", Renewed).ResumeAsync(TimedLockTicket.Parse(forged.Serialize())).Soon());

        Assert.Equal(free, cluster.Look(tree => tree.Find("/t/holder")!.Version));
    }

    // Danger: the same of a renewal, and of a release, which would end whatever hold comes meanwhile.
    [Fact]
    public async Task A_writer_whose_tag_names_a_free_lock_neither_renews_nor_releases()
    {
        await (await new TimedLock(coord, "/t", Plain).AcquireAsync().Soon()).ReleaseAsync().Soon();
        var free = cluster.Look(tree => tree.Find("/t/holder")!.Version);
        var writer = new TimedHoldWriter(other, "/t/holder", TimedHold.Free, seen: null);

        Assert.Null(await writer.RenewAsync(Duration, CancellationToken.None).AsTask().Soon());
        Assert.False(await writer.ReleaseAsync(CancellationToken.None).AsTask().Soon());

        Assert.Equal(free, cluster.Look(tree => tree.Find("/t/holder")!.Version));
    }

    [Fact]
    public async Task A_hold_of_least_time_is_not_given_on_before()
    {
        var least = TimeSpan.FromSeconds(1);
        var options = Renewed with { MinimumHold = least };
        var held = await new TimedLock(coord, "/t", options).AcquireAsync().Soon();
        var began = time.GetTimestamp();

        Assert.Equal(ReleaseResult.Pending, await held.ReleaseAsync().Soon());
        var waiting = new TimedLock(other, "/t", options).AcquireAsync().AsTask();
        await time.PassAsync(CountOf(least));
        var next = await waiting.Soon();

        Assert.InRange(time.GetElapsedTime(began), least, TimeSpan.FromSeconds(10));
        await PassRenewalsAsync(least);
        Assert.Equal(ReleaseResult.Released, await next.ReleaseAsync().Soon());
    }

    [Fact]
    public async Task A_guarded_multi_is_done_in_the_hold_or_not_at_all()
    {
        var held = await new TimedLock(coord, "/t", Plain).AcquireAsync().Soon();
        await coord.CreateAsync("/x").Soon();

        await held.CreateMulti().Set("/x", new byte[1], 0).CommitAsync().Soon();
        cluster.Edit(tree => tree.Set("/t/holder", "coord:timed-lock:1 else 2000 0 c "u8.ToArray(), -1));

        await Assert.ThrowsAsync<MultiFailedException>(
            () => held.CreateMulti().Set("/x", new byte[1], 1).CommitAsync().Soon());
        Assert.Throws<NotSupportedException>(() => held.Share());
    }

    [Fact]
    public void There_is_no_lock_without_an_end()
    {
        foreach (var wrong in (TimeSpan[])[TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.FromHours(25)])
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new TimedLock(coord, "/t", new TimedLockOptions { Duration = wrong }));
        }

        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TimedLock(coord, "/t", Renewed with { MinimumHold = 2 * Duration }));
        var note = new string('x', 257);
        Assert.Throws<ArgumentException>(() => new TimedLock(coord, "/t", Renewed with { Note = note }));
        Assert.Throws<ArgumentNullException>(() => new TimedLock(coord, "/t", null!));
    }

    [Fact]
    public async Task A_znode_of_somebody_else_is_not_taken_for_a_hold()
    {
        var below = new CreateOptions { Parents = CreateParents.Persistent };
        await coord.CreateAsync("/t/holder", "192.0.2.7"u8.ToArray(), below).Soon();

        await Assert.ThrowsAsync<RecipeMismatchException>(
            () => new TimedLock(coord, "/t", Plain).AcquireAsync().Soon());
    }

    private string Holder() => cluster.Look(tree => Encoding.UTF8.GetString(tree.Find("/t/holder")!.Bytes));

    /// <summary>How long a waiter counts while the znode of a hold of this length stands still.</summary>
    private static TimeSpan CountOf(TimeSpan duration) => (duration * 1.1) + TimeSpan.FromSeconds(1);

    /// <summary>Moves time from one renewal to the next, each once the one before it was answered.</summary>
    private async Task PassRenewalsAsync(TimeSpan span)
    {
        for (var end = time.GetTimestamp() + span.Ticks; time.GetTimestamp() < end;)
            await time.PassAsync(RenewalPeriod);
        await time.BegunAsync(RenewalPeriod);
    }
}
