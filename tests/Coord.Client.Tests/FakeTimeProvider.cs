namespace Coord.Client.Tests;

/// <summary>
/// Both clocks and all timers stand still until a test moves them; a suspended machine's monotonic clock can be left
/// behind.
/// </summary>
internal sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private long monotonic;
    private long wall = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref monotonic);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref wall), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves both clocks, stopping at each timer on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        Move(end - GetTimestamp());
    }

    /// <summary>The machine sleeps: the wall clock moves and the monotonic one stands still.</summary>
    public void Suspend(TimeSpan by) => Interlocked.Add(ref wall, by.Ticks);

    private FakeTimer? TakeDue(long end)
    {
        FakeTimer? first = null;
        lock (gate)
        {
            foreach (var timer in timers)
            {
                if (timer.DueAt <= end && (first is null || timer.DueAt < first.DueAt))
                    first = timer;
            }

            if (first is null)
                return null;
            Move(Math.Max(0, first.DueAt - GetTimestamp()));
            first.Reschedule();
            return first;
        }
    }

    private void Move(long ticks)
    {
        Interlocked.Add(ref monotonic, ticks);
        Interlocked.Add(ref wall, ticks);
    }

    private sealed class FakeTimer(FakeTimeProvider owner, Action fire) : ITimer
    {
        private TimeSpan interval = Timeout.InfiniteTimeSpan;

        internal long DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                owner.timers.Remove(this);
                interval = period;
                if (dueTime < TimeSpan.Zero)
                    return true;
                DueAt = owner.GetTimestamp() + dueTime.Ticks;
                owner.timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire() => fire();

        internal void Reschedule()
        {
            if (interval > TimeSpan.Zero)
                DueAt += interval.Ticks;
            else
                owner.timers.Remove(this);
        }
    }
}
