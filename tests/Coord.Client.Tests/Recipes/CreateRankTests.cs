using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Locks on a server that tells a contender its place (docs/internals/extensions.md, create-rank).</summary>
public sealed class CreateRankTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2) { Features = "session-proof create-rank" };

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_lock_that_nobody_holds_is_one_request()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var (mutex, both) = (new DistributedMutex(coord, "/m"), new DistributedReadWriteLock(coord, "/rw"));
        await (await mutex.AcquireAsync().Soon()).ReleaseAsync().Soon();
        await (await both.AcquireWriteAsync().Soon()).ReleaseAsync().Soon();
        var (before, creates) = (Others(), cluster.SeenOf(OpCode.CreateRank));

        var held = await mutex.AcquireAsync().Soon();
        var read = await both.AcquireReadAsync().Soon();
        var beside = await both.AcquireReadAsync(null, AcquireOptions.Independent).Soon();

        Assert.Equal(before, Others());
        Assert.Equal(creates + 3, cluster.SeenOf(OpCode.CreateRank));
        foreach (var handle in new[] { held, read, beside })
            Assert.Equal(ReleaseResult.Released, await handle.ReleaseAsync().Soon());
        await using var write = await both.AcquireWriteAsync().Soon();
        Assert.Equal(before, Others());
    }

    /// <summary>The nearest that is waited for is watched, and nobody else: a reader passes over readers.</summary>
    [Fact]
    public async Task A_contender_waits_for_the_one_before_it()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        var (own, others) = (new DistributedReadWriteLock(coord, "/rw"), new DistributedReadWriteLock(other, "/rw"));
        var read = await others.AcquireReadAsync().Soon();
        var writing = own.AcquireWriteAsync().AsTask();
        await UntilContendersAsync(coord, "/rw", 2);
        var reading = others.AcquireReadAsync(null, AcquireOptions.Independent).AsTask();
        await UntilContendersAsync(coord, "/rw", 3);
        var listed = cluster.SeenOf(OpCode.GetChildren2);
        Assert.False(writing.IsCompleted || reading.IsCompleted);

        await read.ReleaseAsync().Soon();
        var write = await writing.Soon();
        Assert.False(reading.IsCompleted);
        await write.ReleaseAsync().Soon();
        await using var second = await reading.Soon();

        Assert.Equal(listed + 2, cluster.SeenOf(OpCode.GetChildren2));
        Assert.True(write.Token > read.Token && second.Token > write.Token);
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task A_place_that_was_told_and_not_heard_is_looked_up(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var mutex = new DistributedMutex(coord, "/m");
        await (await mutex.AcquireAsync().Soon()).ReleaseAsync().Soon();
        cluster.On(OpCode.CreateRank, kind);

        await using var held = await mutex.AcquireAsync().Soon();

        Assert.Equal([ZnodePath.Name(held.Path)], cluster.Look(tree => tree.ChildrenOf("/m").ToList()));
        Assert.Null(await mutex.TryAcquireAsync().Soon());
    }

    /// <summary>
    /// Too many siblings, or a list that may not be read: the server makes the znode and says no more.
    /// </summary>
    [Fact]
    public async Task A_place_that_is_not_told_is_looked_up()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        cluster.Edit(tree => tree.TellsRanks = false);
        var mutex = new DistributedMutex(coord, "/m");
        var held = await mutex.AcquireAsync().Soon();
        var waiting = new DistributedMutex(other, "/m").AcquireAsync().AsTask();
        await UntilContendersAsync(coord, "/m", 2);

        Assert.False(waiting.IsCompleted);
        await held.ReleaseAsync().Soon();
        await using var next = await waiting.Soon();
        Assert.True(next.Token > held.Token);
    }

    [Fact]
    public async Task A_server_that_does_not_tell_places_is_asked_as_ever()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var mutex = new DistributedMutex(coord, "/m");
        await (await mutex.AcquireAsync().Soon()).ReleaseAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        // The lock is asked for while the last server known tells places.
        var waiting = mutex.AcquireAsync().AsTask();
        cluster.Features = null;
        cluster.RefusesHandshakes = false;
        await using var held = await waiting.Soon();

        Assert.Equal([ZnodePath.Name(held.Path)], cluster.Look(tree => tree.ChildrenOf("/m").ToList()));
        Assert.Null(await mutex.TryAcquireAsync().Soon());
    }

    private (int, int, int, int, int) Others() => (
        cluster.SeenOf(OpCode.GetChildren2), cluster.SeenOf(OpCode.GetData), cluster.SeenOf(OpCode.Exists),
        cluster.SeenOf(OpCode.Sync), cluster.SeenOf(OpCode.Create2));

    private async Task UntilContendersAsync(CoordClient client, string path, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (cluster.Look(tree => tree.ChildrenOf(path).Count()) != count)
            await client.SyncAsync(ct: limit.Token);
    }
}

/// <summary>All that the mutex promises, on a server that tells places.</summary>
public sealed class MutexFaultRankTests() : MutexFaultTests("create-rank");

/// <summary>All that the read/write lock promises, on a server that tells places.</summary>
public sealed class ReadWriteLockRankTests() : ReadWriteLockTests("create-rank");
