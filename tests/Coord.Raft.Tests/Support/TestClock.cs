namespace Coord.Raft.Tests;

/// <summary>
/// A node's monotonic clock, fast or slow by some parts in a thousand, and how far the node looked at it. A node that
/// stands still catches up when it goes on (raft-design E14, Q10).
/// </summary>
internal sealed class TestClock(int perMille)
{
    private long taken;
    private long stalledUntil;

    /// <summary>It does nothing before this time.</summary>
    public void StallUntil(long time) => stalledUntil = time;

    public bool IsStalled(long now) => now < stalledUntil;

    /// <summary>Whole ticks since the last look.</summary>
    public int TakeElapsed(long now)
    {
        var elapsed = (now * perMille / 1_000) - taken;
        taken += elapsed;
        return (int)elapsed;
    }
}
