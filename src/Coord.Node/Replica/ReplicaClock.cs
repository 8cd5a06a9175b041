namespace Coord.Node.Replica;

/// <summary>Turns a monotonic clock into elapsed ticks, sampled once per turn (raft-design section 3).</summary>
internal sealed class ReplicaClock(TimeProvider time, TimeSpan tick)
{
    private readonly long start = time.GetTimestamp();
    private long ticksTaken;

    /// <summary>Milliseconds since start, by the monotonic clock.</summary>
    public long NowMs => (long)time.GetElapsedTime(start).TotalMilliseconds;

    public long WallClockMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    public long Timestamp => time.GetTimestamp();

    /// <summary>Whole ticks since the last call.</summary>
    public int TakeElapsedTicks()
    {
        var total = time.GetElapsedTime(start).Ticks / tick.Ticks;
        var elapsed = (int)Math.Min(int.MaxValue, total - ticksTaken);
        ticksTaken = total;
        return elapsed;
    }

    /// <summary>How long the loop may wait before the next tick is due.</summary>
    public TimeSpan UntilNextTick()
    {
        var due = TimeSpan.FromTicks((ticksTaken + 1) * tick.Ticks) - time.GetElapsedTime(start);
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }
}
