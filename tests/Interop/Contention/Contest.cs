using Coord.Client;

namespace Coord.Interop.Contention;

/// <summary>How both sides begin to contend for a lock, how it ends, and what must have held.</summary>
internal static class Contest
{
    /// <summary>So often each side holds, and so often it is the other one's turn.</summary>
    public const int Enough = 40;

    /// <summary>Makes what both sides expect below the root of a contention.</summary>
    public static async Task BeginAsync(ICoordClient coord, string root, Tally tally)
    {
        await coord.CreateAsync(root);
        await coord.CreateAsync($"{root}/log");
        await coord.CreateAsync($"{root}/tally", tally.Write());
    }

    /// <summary>Ends with both sides; with an error of anybody the others are not waited for.</summary>
    public static async Task EndsAsync(Func<CancellationToken, IEnumerable<Task>> ours, Task theirs)
    {
        using var stop = new CancellationTokenSource();
        Task[] running = [.. ours(stop.Token)];
        try
        {
            await foreach (var ended in Task.WhenEach([.. running, theirs]))
                await ended;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Nobody held beside who excludes it, in the order of arrival, both sides, and each once.</summary>
    public static async Task AssertFairAsync(ICoordClient coord, string recipe, string root)
    {
        var log = await HoldLog.ReadAsync(coord, root);
        var znode = await coord.GetAsync($"{root}/tally", ReadOptions.Fresh);
        var tally = Tally.Read(znode.Bytes);
        HoldLog.AssertExcluded(log, CoordSide.Permits);
        if (recipe != "semaphore")
            HoldLog.AssertInOrder(log);
        Assert.InRange(HoldLog.Holds(log, "java"), Enough, int.MaxValue);
        Assert.InRange(HoldLog.Holds(log, "coord"), Enough, int.MaxValue);
        // With two permits, who counted first may have entered second: the tally is what the workers went by.
        var handovers = recipe == "semaphore" ? tally.Handovers : HoldLog.Handovers(log);
        Assert.InRange(handovers, Enough, int.MaxValue);
        var counted = log.Count(line => line.IsEnter && line.Kind != HoldLog.Read);
        Assert.Equal(counted, tally.Java + tally.Coord);
        Assert.Equal(counted, znode.Stat.Version);
    }
}
