namespace Coord.Node.Replica;

/// <summary>Turns a monotonic clock into elapsed ticks, read once per turn (raft-design section 3).</summary>
internal sealed class ReplicaClock(TimeProvider time, TimeSpan tick)
{
    private readonly long start = time.GetTimestamp();
    private long ticksTaken;

    /// <summary>The monotonic clock at the start of the turn.</summary>
    public long Timestamp { get; private set; }

    /// <summary>Milliseconds since start, by the monotonic clock, at the start of the turn.</summary>
    public long NowMs => (long)Elapsed.TotalMilliseconds;

    /// <summary>The wall clock now.</summary>
    public long WallClockMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private TimeSpan Elapsed => time.GetElapsedTime(start, Timestamp);

    /// <summary>A turn begins: this is the time of all that it does.</summary>
    public void BeginTurn() => Timestamp = time.GetTimestamp();

    /// <summary>Whole ticks since the last call, up to the start of the turn.</summary>
    public int TakeElapsedTicks()
    {
        var total = Elapsed.Ticks / tick.Ticks;
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
