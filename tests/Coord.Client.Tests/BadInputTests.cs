using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Acceptance scenario 22: caller mistakes fail before anything is sent, on every public method.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Good = "/a";

    private static readonly TimedLockOptions Timed = new() { Duration = TimeSpan.FromSeconds(1) };

    private static readonly Dictionary<string, Func<ICoordClient, string, CancellationToken, Task>> PathCalls = new()
    {
        ["create"] = (coord, path, ct) => coord.CreateAsync(path, ct: ct).AsTask(),
        ["try create"] = (coord, path, ct) => coord.TryCreateAsync(path, ct: ct).AsTask(),
        ["get"] = (coord, path, ct) => coord.GetAsync(path, ct: ct).AsTask(),
        ["fresh get"] = (coord, path, ct) => coord.GetAsync(path, ReadOptions.Fresh, ct).AsTask(),
        ["linearizable get"] = (coord, path, ct) => coord.GetAsync(path, ReadOptions.Linearizable, ct).AsTask(),
        ["try get"] = (coord, path, ct) => coord.TryGetAsync(path, ct: ct).AsTask(),
        ["exists"] = (coord, path, ct) => coord.ExistsAsync(path, ct: ct).AsTask(),
        ["children"] = (coord, path, ct) => coord.GetChildrenAsync(path, ct: ct).AsTask(),
        ["set"] = (coord, path, ct) => coord.SetAsync(path, default, 0, ct).AsTask(),
        ["overwrite"] = (coord, path, ct) => coord.SetAsync(path, default, SetOptions.Overwrite, ct).AsTask(),
        ["try set"] = (coord, path, ct) => coord.TrySetAsync(path, default, 0, ct).AsTask(),
        ["delete"] = (coord, path, ct) => coord.DeleteAsync(path, ct: ct).AsTask(),
        ["delete tree"] = (coord, path, ct) => coord.DeleteTreeAsync(path, null, ct).AsTask(),
        ["sync"] = (coord, path, ct) => coord.SyncAsync(path, ct).AsTask(),
        ["wait for exists"] = (coord, path, ct) => coord.WaitForExistsAsync(path, ct).AsTask(),
        ["wait for deleted"] = (coord, path, ct) => coord.WaitForDeletedAsync(path, ct).AsTask(),
        ["wait until"] = (coord, path, ct) => coord.WaitUntilAsync(path, _ => true, ct).AsTask(),
        ["watch"] = (coord, path, ct) => coord.WatchAsync(path, ct: ct).GetAsyncEnumerator(ct).MoveNextAsync().AsTask(),
        ["watch tree"] = (coord, path, ct) =>
            coord.WatchAsync(path, WatchScope.Subtree, ct).GetAsyncEnumerator(ct).MoveNextAsync().AsTask(),
        ["transact"] = (coord, path, ct) =>
            coord.TransactAsync((tx, token) => tx.TryGetAsync(path, token), ct: ct).AsTask(),
        ["exactly once"] = (coord, path, ct) => coord.CreateMulti().Check(path).ExactlyOnce().CommitAsync(ct).AsTask(),
        ["follow"] = (coord, path, ct) => coord.FollowAsync(path, ct).GetAsyncEnumerator(ct).MoveNextAsync().AsTask(),
        ["multi"] = (coord, path, ct) => coord.CreateMulti().Check(path).CommitAsync(ct).AsTask(),
        ["mutex"] = (coord, path, ct) => new DistributedMutex(coord, path).AcquireAsync(ct: ct).AsTask(),
        ["try mutex"] = (coord, path, ct) => new DistributedMutex(coord, path).TryAcquireAsync(ct: ct).AsTask(),
        ["mutex state"] = (coord, path, ct) => new DistributedMutex(coord, path).GetStateAsync(ct).AsTask(),
        ["revoke mutex"] = (coord, path, ct) => new DistributedMutex(coord, path).RevokeAsync("x", ct).AsTask(),
        ["read lock"] = (coord, path, ct) =>
            new DistributedReadWriteLock(coord, path).AcquireReadAsync(ct: ct).AsTask(),
        ["write lock"] = (coord, path, ct) =>
            new DistributedReadWriteLock(coord, path).AcquireWriteAsync(ct: ct).AsTask(),
        ["try read lock"] = (coord, path, ct) =>
            new DistributedReadWriteLock(coord, path).TryAcquireReadAsync(ct: ct).AsTask(),
        ["try write lock"] = (coord, path, ct) =>
            new DistributedReadWriteLock(coord, path).TryAcquireWriteAsync(ct: ct).AsTask(),
        ["read/write state"] = (coord, path, ct) =>
            new DistributedReadWriteLock(coord, path).GetStateAsync(ct).AsTask(),
        ["revoke readers"] = (coord, path, ct) =>
            new DistributedReadWriteLock(coord, path).RevokeAsync("x", ct).AsTask(),
        ["upgradeable read lock"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).AcquireReadAsync(ct: ct).AsTask(),
        ["upgradeable write lock"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).AcquireWriteAsync(ct: ct).AsTask(),
        ["upgradeable lock"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).AcquireUpgradeableAsync(ct: ct).AsTask(),
        ["try upgradeable read lock"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).TryAcquireReadAsync(ct: ct).AsTask(),
        ["try upgradeable write lock"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).TryAcquireWriteAsync(ct: ct).AsTask(),
        ["try upgradeable lock"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).TryAcquireUpgradeableAsync(ct: ct).AsTask(),
        ["upgradeable state"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).GetStateAsync(ct).AsTask(),
        ["revoke upgradeable"] = (coord, path, ct) =>
            new DistributedUpgradeableLock(coord, path).RevokeAsync("x", ct).AsTask(),
        ["semaphore"] = (coord, path, ct) => new DistributedSemaphore(coord, path, 2).AcquireAsync(ct: ct).AsTask(),
        ["try semaphore"] = (coord, path, ct) =>
            new DistributedSemaphore(coord, path, 2).TryAcquireAsync(ct: ct).AsTask(),
        ["set limit"] = (coord, path, ct) => new DistributedSemaphore(coord, path, 2).SetLimitAsync(3, ct).AsTask(),
        ["permits"] = (coord, path, ct) => new DistributedSemaphore(coord, path, 2).GetStateAsync(ct).AsTask(),
        ["revoke permits"] = (coord, path, ct) =>
            new DistributedSemaphore(coord, path, 2).RevokeAsync("x", ct).AsTask(),
        ["single"] = (coord, path, ct) => new SingleZnodeLock(coord, path).AcquireAsync(ct: ct).AsTask(),
        ["try single"] = (coord, path, ct) => new SingleZnodeLock(coord, path).TryAcquireAsync(ct: ct).AsTask(),
        ["timed"] = (coord, path, ct) => new TimedLock(coord, path, Timed).AcquireAsync(ct: ct).AsTask(),
        ["try timed"] = (coord, path, ct) => new TimedLock(coord, path, Timed).TryAcquireAsync(ct: ct).AsTask(),
        ["timed state"] = (coord, path, ct) => new TimedLock(coord, path, Timed).GetStateAsync(ct).AsTask(),
        ["resume timed"] = (coord, path, ct) =>
            new TimedLock(coord, path, Timed).ResumeAsync(new TimedLockTicket(path, "t", default), ct).AsTask(),
        ["single state"] = (coord, path, ct) => new SingleZnodeLock(coord, path).GetStateAsync(ct).AsTask(),
        ["counter"] = (coord, path, ct) => new DistributedCounter(coord, path).AddAsync(1, ct).AsTask(),
        ["version counter"] = (coord, path, ct) => new VersionCounter(coord, path).NextAsync(ct).AsTask(),
        ["zxid sequence"] = (coord, path, ct) => new ZxidSequence(coord, path).NextAsync(ct).AsTask(),
        ["block ids"] = (coord, path, ct) => new BlockIdGenerator(coord, path, 10).NextAsync(ct).AsTask(),
        ["striped counter"] = (coord, path, ct) => new StripedCounter(coord, path).AddAsync(1, ct).AsTask(),
        ["striped sum"] = (coord, path, ct) => new StripedCounter(coord, path).SumAsync(ct).AsTask(),
        ["worker id"] = (coord, path, ct) => WorkerId.AcquireAsync(coord, path, 8, ct: ct).AsTask(),
        ["reserve"] = (coord, path, ct) => new ReservationCounter(coord, path).TryReserveAsync(1, ct).AsTask(),
        ["reserve durably"] = (coord, path, ct) =>
            new ReservationCounter(coord, path).TryReserveDurablyAsync(1, TimeSpan.FromMinutes(1), ct).AsTask(),
        ["add stock"] = (coord, path, ct) => new ReservationCounter(coord, path).TryAddStockAsync(1, ct).AsTask(),
        ["stock"] = (coord, path, ct) => new ReservationCounter(coord, path).GetStateAsync(ct).AsTask(),
        ["sharded reserve"] = (coord, path, ct) =>
            ReservationCounter.Sharded(coord, path, 2).TryReserveAsync(1, ct).AsTask(),
        ["sharded stock"] = (coord, path, ct) => ReservationCounter.Sharded(coord, path, 2).GetStateAsync(ct).AsTask(),
        ["get ACL"] = (coord, path, ct) => coord.GetAclAsync(path, ct).AsTask(),
        ["set ACL"] = (coord, path, ct) => coord.SetAclAsync(path, Acls.OpenToAll, 0, ct).AsTask(),
        ["raise child counter"] = (coord, path, ct) => coord.RaiseChildCounterAsync(path, 1, ct).AsTask(),
        ["below a chroot"] = (coord, path, ct) => coord.WithChroot(path).GetAsync("/x", ct: ct).AsTask(),
        ["transact children"] = (coord, path, ct) =>
            coord.TransactAsync((tx, token) => tx.GetChildrenAsync(path, token), ct: ct).AsTask(),
        ["transact get"] = (coord, path, ct) =>
            coord.TransactAsync((tx, token) => tx.GetAsync(path, token), ct: ct).AsTask(),
        ["several locks"] = (coord, path, ct) => Several(coord, path).AcquireAsync(ct: ct).AsTask(),
        ["try several locks"] = (coord, path, ct) => Several(coord, path).TryAcquireAsync(ct: ct).AsTask(),
        ["increment"] = (coord, path, ct) => new DistributedCounter(coord, path).IncrementAsync(ct).AsTask(),
        ["decrement"] = (coord, path, ct) => new DistributedCounter(coord, path).DecrementAsync(ct).AsTask(),
        ["try add"] = (coord, path, ct) => new DistributedCounter(coord, path).TryAddAsync(1, max: 9, ct: ct).AsTask(),
        ["compare and set"] = (coord, path, ct) =>
            new DistributedCounter(coord, path).CompareAndSetAsync(1, 2, ct).AsTask(),
        ["sharded stock added"] = (coord, path, ct) =>
            ReservationCounter.Sharded(coord, path, 2).AddStockAsync(1, ct).AsTask(),
        ["counter read"] = (coord, path, ct) => new DistributedCounter(coord, path).GetAsync(ct).AsTask(),
    };

    private static readonly Dictionary<string, Func<ICoordClient, CancellationToken, Task>> OtherCalls = new()
    {
        ["connect"] = (coord, ct) => coord.ConnectAsync(ct).AsTask(),
        ["wait for proof"] = (coord, ct) => coord.WaitForProofAsync(ct: ct).AsTask(),
        ["wait for zxid"] = (coord, ct) => coord.WaitForZxidAsync(new Zxid(long.MaxValue), ct).AsTask(),
    };

    private readonly ScriptedCluster cluster = new();

    public static TheoryData<string> CallsWithPath => [.. PathCalls.Keys];

    public static TheoryData<string> Calls => [.. PathCalls.Keys, .. OtherCalls.Keys];

    public void Dispose() => cluster.Dispose();

    [Theory]
    [MemberData(nameof(CallsWithPath))]
    public async Task A_wrong_path_is_an_argument_error_and_nothing_is_sent(string call)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        string[] wrong = [null!, string.Empty, "a", "/a/", "/a//b", "/a/../b", "/a\0", "/" + new string('x', 5000)];

        foreach (var path in wrong)
            await Assert.ThrowsAnyAsync<ArgumentException>(
                async () => await PathCalls[call](coord, path, default).Soon());

        Assert.Equal(SessionState.Idle, coord.State);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_after_dispose_says_so(string call)
    {
        var coord = new CoordClient(cluster.ConnectionString);
        await coord.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await Call(call)(coord, default).Soon());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_cancelled_before_it_began_is_cancelled(string call)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Call(call)(coord, new CancellationToken(canceled: true)).Soon());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_cancelled_while_it_waits_for_a_server_is_cancelled(string call)
    {
        cluster.RefusesHandshakes = true;
        await using var coord = new CoordClient(cluster.ConnectionString);
        using var cancel = new CancellationTokenSource();

        var running = Call(call)(coord, cancel.Token);
        await coord.WaitForAsync(SessionState.Connecting);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
    }

    [Fact]
    public async Task What_cannot_be_cancelled_or_waited_for_takes_a_disposed_client_as_it_is()
    {
        var coord = new CoordClient(cluster.ConnectionString);
        var events = coord.SessionEvents(new CancellationToken(canceled: true)).GetAsyncEnumerator();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => events.MoveNextAsync().Soon());
        await coord.DisposeAsync();

        coord.DeleteEventually(Good);
        Assert.Throws<ObjectDisposedException>(coord.CreateMulti);
        Assert.Equal(SessionState.Closed, coord.State);
    }

    [Fact]
    public async Task The_root_and_the_systems_paths_are_not_for_writing()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        foreach (var path in (string[])["/", "/zookeeper", "/zookeeper/quota/x"])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => coord.CreateAsync(path).Soon());
            await Assert.ThrowsAsync<ArgumentException>(async () => await coord.DeleteAsync(path).Soon());
            Assert.Throws<ArgumentException>(() => coord.DeleteEventually(path));
            Assert.Throws<ArgumentException>(() => coord.CreateMulti().Create(path));
            Assert.Throws<ArgumentException>(() => coord.CreateMulti().Delete(path));
        }

        Assert.Throws<ArgumentException>(() => coord.CreateMulti().Set("/zookeeper/x", default));
    }

    [Fact]
    public async Task Numbers_and_options_out_of_range_are_refused()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var ttl = new CreateOptions { Mode = CreateMode.PersistentWithTtl };
        var counter = new DistributedCounter(coord, Good);
        var stock = new ReservationCounter(coord, Good);
        Func<Task>[] wrong =
        [
            () => coord.CreateAsync(Good, new byte[(1024 * 1024) - 1023]).AsTask(),
            () => coord.CreateAsync(Good, options: new CreateOptions { Mode = (CreateMode)99 }).AsTask(),
            () => coord.CreateAsync(Good, options: new CreateOptions { Acl = [] }).AsTask(),
            () => coord.CreateAsync(Good, options: new CreateOptions { Acl = Acls.CreatorOnly }).AsTask(),
            () => coord.CreateAsync(Good, options: new CreateOptions { Ttl = TimeSpan.FromDays(1) }).AsTask(),
            () => coord.CreateAsync(Good, options: ttl).AsTask(),
            () => coord.CreateAsync(Good, options: ttl with { Ttl = TimeSpan.Zero }).AsTask(),
            () => coord.SetAsync(Good, default, expectedVersion: -1).AsTask(),
            () => coord.SetAsync(Good, default, null!).AsTask(),
            () => coord.DeleteAsync(Good, new DeleteOptions { ExpectedVersion = -1 }).AsTask(),
            () => coord.WaitForProofAsync(0.6).AsTask(),
            () => coord.WaitUntilAsync(Good, null!).AsTask(),
            () => coord.WatchAsync(Good, (WatchScope)9).GetAsyncEnumerator().MoveNextAsync().AsTask(),
            () => counter.TryAddAsync(1, min: 2, max: 1).AsTask(),
            () => stock.TryReserveAsync(0).AsTask(),
            () => stock.TryReserveDurablyAsync(1, TimeSpan.Zero).AsTask(),
            () => stock.TryAddStockAsync(long.MinValue).AsTask(),
            () => ReservationCounter.Sharded(coord, Good, 2).TryReserveAsync(-1).AsTask(),
            () => ReservationCounter.Sharded(coord, Good, 2).AddStockAsync(-1).AsTask(),
            () => WorkerId.AcquireAsync(coord, Good, range: 0).AsTask(),
            () => WorkerId.AcquireAsync(coord, Good, 8, timeout: TimeSpan.Zero).AsTask(),
            () => WorkerId.AcquireAsync(
                coord, Good, 8, new WorkerIdOptions { Quarantine = TimeSpan.FromDays(2) }).AsTask(),
        ];

        foreach (var call in wrong)
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await call().Soon());
        Assert.Throws<ArgumentNullException>(() => new DistributedCounter(null!, Good));
        Assert.Throws<ArgumentException>(() => new DistributedCounter(coord, "/"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new DistributedCounter(coord, Good, new CounterOptions { ResolveTimeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new DistributedCounter(coord, Good, new CounterOptions { QueueTimeout = TimeSpan.FromHours(2) }));
        Assert.Throws<ArgumentException>(() => new DistributedCounter(coord, "/" + new string('x', 4094)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockIdGenerator(coord, Good, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReservationCounter.Sharded(coord, Good, 0));
        Assert.Throws<ArgumentException>(() => stock.Resume("r-1-00000000000000000000000000000000@1"));
        Assert.Throws<ArgumentNullException>(() => stock.Resume(null!));
        Assert.Throws<ArgumentNullException>(() => new SnowflakeIds(null!));
        Assert.Throws<ArgumentException>(() => new VersionCounter(coord, "/"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new StripedCounter(coord, Good, new StripedCounterOptions { Stripes = 0 }));
        Assert.Equal(SessionState.Idle, coord.State);
    }

    [Fact]
    public async Task Numbers_and_options_of_locks_out_of_range_are_refused()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var mutex = new DistributedMutex(coord, Good);
        var both = new DistributedReadWriteLock(coord, Good);
        var all = new DistributedUpgradeableLock(coord, Good);
        var semaphore = new DistributedSemaphore(coord, Good, 2);
        var single = new SingleZnodeLock(coord, Good);
        var timed = new TimedLock(coord, Good, Timed);
        Func<Task>[] wrong =
        [
            () => mutex.AcquireAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => mutex.TryAcquireAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => semaphore.AcquireAsync(0).AsTask(),
            () => semaphore.AcquireAsync(3).AsTask(),
            () => semaphore.TryAcquireAsync(1, TimeSpan.FromSeconds(-2)).AsTask(),
            () => semaphore.SetLimitAsync(0).AsTask(),
            () => semaphore.RevokeAsync(null!).AsTask(),
            () => timed.AcquireAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => timed.TryAcquireAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => timed.ResumeAsync(null!).AsTask(),
            () => timed.ResumeAsync(new TimedLockTicket("/b", "t", default)).AsTask(),
            () => single.AcquireAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => single.TryAcquireAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => both.AcquireReadAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => both.AcquireWriteAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => both.TryAcquireReadAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => both.TryAcquireWriteAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => both.RevokeAsync(null!).AsTask(),
            () => all.AcquireReadAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => all.AcquireWriteAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => all.AcquireUpgradeableAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => all.TryAcquireUpgradeableAsync(TimeSpan.FromSeconds(-2)).AsTask(),
            () => all.RevokeAsync(null!).AsTask(),
            () => mutex.RevokeAsync(null!).AsTask(),
            () => mutex.RevokeAsync(new string('x', 257)).AsTask(),
        ];

        foreach (var call in wrong)
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await call().Soon());
        Assert.Throws<ArgumentException>(
            () => new DistributedMutex(coord, Good, new MutexOptions { Note = new string('x', 257) }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new DistributedMutex(coord, Good, new MutexOptions { AfterCrashDelay = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentNullException>(() => new DistributedMutex(null!, Good));
        Assert.Throws<ArgumentNullException>(() => new DistributedReadWriteLock(null!, Good));
        Assert.Throws<ArgumentNullException>(() => new DistributedUpgradeableLock(null!, Good));
        Assert.Throws<ArgumentNullException>(() => new DistributedSemaphore(null!, Good, 1));
        Assert.Throws<ArgumentException>(() => new DistributedSemaphore(coord, "/", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistributedSemaphore(coord, Good, 0));
        Assert.Throws<ArgumentNullException>(() => new SingleZnodeLock(null!, Good));
        Assert.Throws<ArgumentException>(() => new SingleZnodeLock(coord, "/"));
        Assert.Equal(SessionState.Idle, coord.State);
    }

    [Fact]
    public async Task A_multi_is_committed_once_and_never_empty_or_too_long()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await Assert.ThrowsAsync<InvalidOperationException>(() => coord.CreateMulti().CommitAsync().Soon());

        var multi = coord.CreateMulti().Create(Good);
        await multi.CommitAsync().Soon();
        await Assert.ThrowsAsync<InvalidOperationException>(() => multi.CommitAsync().Soon());

        var full = coord.CreateMulti();
        for (var i = 0; i < Multi.MaxOperations; i++)
            full.Check(Good);
        Assert.Throws<ArgumentException>(() => full.Check(Good));
        var large = coord.CreateMulti().Set(Good, new byte[600_000]).Set(Good, new byte[600_000]);
        await Assert.ThrowsAsync<ArgumentException>(() => large.CommitAsync().Soon());
    }

    /// <summary>Acceptance scenario 23: each refusal has its exception, and the session stays.</summary>
    [Theory]
    [InlineData(ErrorCode.NoAuth, typeof(NoAuthException), false)]
    [InlineData(ErrorCode.InvalidAcl, typeof(InvalidAclException), false)]
    [InlineData(ErrorCode.QuotaExceeded, typeof(QuotaExceededException), false)]
    [InlineData(ErrorCode.ThrottledOp, typeof(ThrottledException), true)]
    [InlineData(ErrorCode.NotReadOnly, typeof(NotReadOnlyException), true)]
    [InlineData(ErrorCode.MarshallingError, typeof(CoordException), false)]
    public async Task Each_refusal_of_a_server_has_its_exception(ErrorCode code, Type type, bool isTransient)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var session = await coord.ConnectAsync().Soon();
        cluster.Refuse(OpCode.Create2, code);

        var error = await Assert.ThrowsAnyAsync<CoordException>(() => coord.CreateAsync(Good).Soon());

        Assert.IsType(type, error);
        Assert.Equal(
            (code, Good, Outcome.NotApplied, isTransient), (error.Code, error.Path, error.Outcome, error.IsTransient));
        await coord.CreateAsync(Good).Soon();
        Assert.Same(session, coord.Session);
    }

    private static Func<ICoordClient, CancellationToken, Task> Call(string call) =>
        OtherCalls.TryGetValue(call, out var other) ? other : (coord, ct) => PathCalls[call](coord, Good, ct);

    private static DistributedMultiLock Several(ICoordClient coord, string path) =>
        new([new DistributedMutex(coord, path), new DistributedMutex(coord, "/other")]);
}
