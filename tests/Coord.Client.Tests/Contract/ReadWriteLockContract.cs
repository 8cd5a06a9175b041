using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>The read/write lock, the same on every server.</summary>
public abstract class ReadWriteLockContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    private string LockPath => At("lock");

    [Fact]
    public async Task A_writer_is_alone_and_readers_are_together()
    {
        const int Clients = 4;
        const int SectionsEach = 15;
        var probe = new ReadWriteProbe();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            var both = new DistributedReadWriteLock(Connect(), LockPath);
            for (var i = 0; i < SectionsEach; i++)
            {
                if ((number + i) % 3 == 0)
                {
                    await using var writing = await both.AcquireWriteAsync();
                    await probe.WriteAsync();
                }
                else
                {
                    await using var reading = await both.AcquireReadAsync();
                    await probe.ReadAsync();
                }
            }
        })).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Clients * SectionsEach / 3, probe.Writes);
        Assert.Empty((await Coord.GetChildrenAsync(LockPath, ReadOptions.Fresh).Soon()).Names);
    }

    [Fact]
    public async Task Readers_share_and_a_waiting_writer_goes_before_later_readers()
    {
        var first = await new DistributedReadWriteLock(Coord, LockPath).AcquireReadAsync().Soon();
        var second = await new DistributedReadWriteLock(Connect(), LockPath).AcquireReadAsync().Soon();
        var third = new DistributedReadWriteLock(Connect(), LockPath);
        Assert.Null(await third.TryAcquireWriteAsync().Soon());
        var writing = new DistributedReadWriteLock(Connect(), LockPath).AcquireWriteAsync().AsTask();
        await UntilWaitingAsync(1);

        Assert.Null(await third.TryAcquireReadAsync().Soon());
        var reading = third.AcquireReadAsync().AsTask();
        await UntilWaitingAsync(2);
        await first.DisposeAsync().Soon();
        await second.DisposeAsync().Soon();
        var writer = await writing.Soon();

        Assert.False(reading.IsCompleted);
        Assert.True(writer.Token > second.Token);
        await writer.DisposeAsync().Soon();
        await using var last = await reading.Soon();
        Assert.True(last.Token > writer.Token);
    }

    [Fact]
    public async Task A_writer_becomes_a_reader_without_letting_a_writer_in()
    {
        await using var held = await new DistributedReadWriteLock(Coord, LockPath).AcquireWriteAsync().Soon();
        var token = held.Token;
        var writer = held.Path;
        var other = new DistributedReadWriteLock(Connect(), LockPath);
        var reading = other.AcquireReadAsync().AsTask();
        await UntilWaitingAsync(1);

        await held.DowngradeAsync().Soon();
        await held.DowngradeAsync().Soon();

        await using var reader = await reading.Soon();
        Assert.Null(await other.TryAcquireWriteAsync().Soon());
        Assert.Equal((token, HandleState.Held), (held.Token, held.State));
        Assert.Equal(writer[^10..], held.Path[^10..]);
        Assert.Contains("__READ__", held.Path, StringComparison.Ordinal);
        Assert.True(await held.VerifyAsync().Soon());
        Assert.Equal(2, (await other.GetStateAsync().Soon()).Holders.Count);
    }

    [Fact]
    public async Task All_holders_are_asked_to_let_go()
    {
        await using var first = await new DistributedReadWriteLock(Coord, LockPath).AcquireReadAsync().Soon();
        await using var second = await new DistributedReadWriteLock(Connect(), LockPath).AcquireReadAsync().Soon();

        Assert.Equal(2, await new DistributedReadWriteLock(Connect(), LockPath).RevokeAsync("writer waits").Soon());

        await first.RevokedToken.WaitAsync();
        await second.RevokedToken.WaitAsync();
    }

    private async Task UntilWaitingAsync(int count)
    {
        var both = new DistributedReadWriteLock(Coord, LockPath);
        await foreach (var _ in Coord.WatchAsync(LockPath, WatchScope.Children))
        {
            if ((await both.GetStateAsync()).Waiting.Count == count)
                return;
        }
    }
}
