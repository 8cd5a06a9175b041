using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>A probe that cannot fail judges nothing: lost and doubled adds are caught.</summary>
public sealed class CounterProbeTests
{
    /// <summary>Reads, adds, and sets whatever the version is: between the two there is room for another.</summary>
    [Fact]
    public async Task An_increment_lost_to_another_is_caught()
    {
        await using var cluster = await CoordTestCluster.StartAsync();
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/c", new byte[1]).Soon();
        var probe = new CounterProbe();
        var bothHaveRead = new TaskCompletionSource();
        var readers = 0;

        async ValueTask<long> AddAsync()
        {
            var value = (await coord.GetAsync("/c")).Bytes.Span[0] + 1;
            if (Interlocked.Increment(ref readers) == 2)
                bothHaveRead.SetResult();
            await bothHaveRead.Task;
            await coord.SetAsync("/c", new[] { (byte)value }, SetOptions.Overwrite);
            return value;
        }

        await Task.WhenAll(probe.AddAsync(1, AddAsync), probe.AddAsync(1, AddAsync)).Soon();
        var final = (await coord.GetAsync("/c").Soon()).Bytes.Span[0];

        Assert.Equal(1, final);
        Assert.Throws<ProbeFailedException>(() => probe.Verify(final));
    }

    /// <summary>The reply to the first try is lost, and the second is a second add.</summary>
    [Fact]
    public async Task An_increment_done_twice_is_caught()
    {
        await using var cluster = await CoordTestCluster.StartAsync();
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/c").Soon();
        var options = new CreateOptions { Mode = CreateMode.PersistentSequential };
        var probe = new CounterProbe();
        cluster.Faults.DropNextReply(coord, RequestKind.Create);

        await probe.AddAsync(1, async () =>
        {
            try
            {
                await coord.CreateAsync("/c/n-", default, options);
            }
            catch (CoordException lost) when (lost.Outcome == Outcome.Unknown)
            {
                await coord.CreateAsync("/c/n-", default, options);
            }

            return (await coord.GetChildrenAsync("/c")).Names.Count;
        }).Soon();
        var final = (await coord.GetChildrenAsync("/c").Soon()).Names.Count;

        Assert.Equal(2, final);
        Assert.Throws<ProbeFailedException>(() => probe.Verify(final));
    }

    [Theory]
    [InlineData(new long[] { 1, 2, 3 }, 3, true)]
    [InlineData(new long[] { 3, 1, 2 }, 3, true)]
    [InlineData(new long[] { 1, 2, 3 }, 2, false)]
    [InlineData(new long[] { 1, 2, 3 }, 4, false)]
    [InlineData(new long[] { 1, 1, 3 }, 3, false)]
    [InlineData(new long[] { 1, 2, 4 }, 3, false)]
    public async Task Results_are_steps_of_one_walk(long[] results, long final, bool isSound)
    {
        var probe = new CounterProbe();
        foreach (var result in results)
            await probe.AddAsync(1, () => ValueTask.FromResult(result));

        Judge(probe, final, isSound);
    }

    [Theory]
    [InlineData(new long[] { 1, 2 }, 2, true)]
    [InlineData(new long[] { 1, 2 }, 3, true)]
    [InlineData(new long[] { 1, 3 }, 3, true)]
    [InlineData(new long[] { 1, 3 }, 2, false)]
    [InlineData(new long[] { 1, 2 }, 4, false)]
    [InlineData(new long[] { 1, 4 }, 3, false)]
    public async Task An_unknown_add_counts_once_or_not(long[] results, long final, bool isSound)
    {
        var probe = new CounterProbe();
        foreach (var result in results)
            await probe.AddAsync(1, () => ValueTask.FromResult(result));
        var lost = new ConnectionLossException("/c", Outcome.Unknown);

        Assert.Null(await probe.AddAsync(1, () => ValueTask.FromException<long>(lost)));

        Assert.Equal((results.Length, 1), (probe.Acknowledged, probe.Unknown));
        Judge(probe, final, isSound);
    }

    [Fact]
    public async Task An_add_that_was_not_applied_is_the_callers_and_does_not_count()
    {
        var probe = new CounterProbe(5);
        var refused = new BadVersionException("/c");

        await Assert.ThrowsAsync<BadVersionException>(
            () => probe.AddAsync(1, () => ValueTask.FromException<long>(refused)));

        probe.Verify(5);
    }

    private static void Judge(CounterProbe probe, long final, bool isSound)
    {
        if (isSound)
            probe.Verify(final);
        else
            Assert.Throws<ProbeFailedException>(() => probe.Verify(final));
    }
}
