namespace Coord.Node.Replica;

/// <summary>
/// The leader's session timers, on its monotonic clock: a session ends at its timeout or a little later, never
/// before. The leader alone decides (design.md section 5); apply checks again that the session exists.
/// </summary>
internal sealed class SessionExpiry
{
    private readonly Dictionary<long, Timer> timers = [];
    private readonly List<long> due = [];

    public int Count => timers.Count;

    /// <summary>Forgets all: this node does not lead.</summary>
    public void Clear() => timers.Clear();

    /// <summary>A session exists since now, or got a new timeout: it has all of it.</summary>
    public void Track(long session, int timeoutMs, long nowMs) => timers[session] = new Timer(timeoutMs, nowMs);

    public void Remove(long session) => timers.Remove(session);

    /// <summary>
    /// The session was heard of. False: its end is already on the way, so nothing may be promised to it.
    /// </summary>
    public bool Contact(long session, long nowMs)
    {
        if (!timers.TryGetValue(session, out var timer))
            return true;
        if (timer.IsEnding)
            return false;
        timer.LastContactMs = Math.Max(timer.LastContactMs, nowMs);
        return true;
    }

    /// <summary>
    /// Gives every session a full timeout from now: a new leader does, and one that finds it was paused
    /// (raft-design E14).
    /// </summary>
    public void RestartAll(long nowMs)
    {
        foreach (var timer in timers.Values)
            timer.LastContactMs = Math.Max(timer.LastContactMs, nowMs);
    }

    /// <summary>The sessions whose time is over at <paramref name="nowMs"/>, at most <paramref name="most"/>.</summary>
    /// <returns>A list that is valid until the next call; they count as ending from now on.</returns>
    public IReadOnlyList<long> TakeDue(long nowMs, int most)
    {
        due.Clear();
        foreach (var (session, timer) in timers)
        {
            if (due.Count == most)
                break;
            if (timer.IsEnding || nowMs - timer.LastContactMs <= timer.TimeoutMs)
                continue;
            timer.IsEnding = true;
            due.Add(session);
        }

        return due;
    }

    /// <summary>When the session's time is over, on the leader's monotonic clock; null where it has no timer.</summary>
    public long? DueMs(long session) =>
        timers.TryGetValue(session, out var timer) ? timer.LastContactMs + timer.TimeoutMs : null;

    /// <summary>The end of this session did not make it into the log: its timer runs again, from now.</summary>
    public void Revive(long session, long nowMs)
    {
        if (timers.TryGetValue(session, out var timer))
            timers[session] = new Timer(timer.TimeoutMs, nowMs);
    }

    private sealed class Timer(int timeoutMs, long nowMs)
    {
        public int TimeoutMs { get; } = timeoutMs;

        public long LastContactMs { get; set; } = nowMs;

        public bool IsEnding { get; set; }
    }
}
