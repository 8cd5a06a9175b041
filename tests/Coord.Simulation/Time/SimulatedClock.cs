namespace Coord.Simulation.Time;

/// <summary>
/// A node's clocks: a monotonic one whose rate may be off, and a wall clock that may jump (raft-design T5).
/// </summary>
internal sealed class SimulatedClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EventQueue _events;
    private readonly double _rate;

    public SimulatedClock(EventQueue events, double rate)
    {
        _events = events;
        _rate = rate;
    }

    /// <summary>How far the wall clock is off; jumps may go either way.</summary>
    public TimeSpan WallOffset { get; set; }

    public override long TimestampFrequency => 1_000_000;

    // Never zero: some code takes zero for "never".
    public override long GetTimestamp() => 1 + (long)(_events.Now * _rate);

    public override DateTimeOffset GetUtcNow() => Start + WallOffset + TimeSpan.FromMicroseconds(_events.Now);

    /// <summary>Virtual microseconds until this clock has advanced by the time span.</summary>
    public long MicrosecondsFor(TimeSpan span) => (long)Math.Ceiling(span.TotalMicroseconds / _rate);
}
