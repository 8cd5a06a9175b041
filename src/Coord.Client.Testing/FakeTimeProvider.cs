namespace Coord.Client.Testing;

/// <summary>
/// Both clocks and all timers stand still until a test moves them; a suspended machine's monotonic clock can be left
/// behind. Thread-safe.
/// </summary>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private TaskCompletionSource timerSet = NewSignal();
    private long monotonic = TimeSpan.TicksPerSecond; // Not zero, which some code takes for "never".
    private long wall = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <summary>Ticks of a <see cref="TimeSpan"/>.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The monotonic clock.</summary>
    /// <returns>Ticks since some moment.</returns>
    public override long GetTimestamp() => Interlocked.Read(ref monotonic);

    /// <summary>The wall clock, which begins on 1 January 2026.</summary>
    /// <returns>The time that it shows.</returns>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref wall), TimeSpan.Zero);

    /// <summary>Makes a timer that fires on the thread that moves the time.</summary>
    /// <param name="callback">What it calls.</param>
    /// <param name="state">What it calls it with.</param>
    /// <param name="dueTime">Time until it fires first; negative: it is not set.</param>
    /// <param name="period">Time from then to the next; not positive: it fires once.</param>
    /// <returns>The timer.</returns>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs what moves time while nothing else happens; null: as it is.</summary>
    internal Action<Action>? Alone { get; set; }

    /// <summary>
    /// Moves both clocks, stopping at each timer on the way. In the time of a <c>CoordTestCluster</c> its nodes
    /// hear nothing of their clients meanwhile.
    /// </summary>
    /// <param name="by">By how much; not negative.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        if (Alone is { } alone)
            alone(() => Pass(by));
        else
            Pass(by);
    }

    /// <summary>The machine sleeps: the wall clock moves and the monotonic one stands still.</summary>
    /// <param name="by">By how much.</param>
    public void Suspend(TimeSpan by) => Interlocked.Add(ref wall, by.Ticks);

    /// <summary>
    /// Waits until a timer of such a length is set: whoever set it has come so far, and time may move on.
    /// </summary>
    /// <param name="isLength">Whether this is the length that is waited for.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>How long the timer still runs.</returns>
    public async Task<TimeSpan> TimerAsync(Func<TimeSpan, bool> isLength, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(isLength);
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (timers.Find(timer => isLength(timer.Length)) is { } timer)
                    return TimeSpan.FromTicks(timer.DueAt - GetTimestamp());
                next = timerSet.Task;
            }

            await next.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Moves both clocks, while everybody goes on with what he does.</summary>
    internal void Pass(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        lock (gate)
            Move(end);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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
            Move(first.DueAt);
            first.Reschedule();
            return first;
        }
    }

    // Another thread may have moved it further.
    private void Move(long to)
    {
        var ticks = Math.Max(0, to - GetTimestamp());
        Interlocked.Add(ref monotonic, ticks);
        Interlocked.Add(ref wall, ticks);
    }

    private sealed class FakeTimer(FakeTimeProvider owner, Action fire) : ITimer
    {
        private TimeSpan interval = Timeout.InfiniteTimeSpan;

        internal long DueAt { get; private set; }

        /// <summary>What it was set for.</summary>
        internal TimeSpan Length { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                owner.timers.Remove(this);
                interval = period;
                if (dueTime < TimeSpan.Zero)
                    return true;
                Length = dueTime;
                DueAt = owner.GetTimestamp() + dueTime.Ticks;
                owner.timers.Add(this);
                owner.timerSet.SetResult();
                owner.timerSet = NewSignal();
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
