namespace Coord.Node.Replica;

/// <summary>
/// The leader's session timers, on its monotonic clock: a session ends at its timeout or a little later, never
/// before. The leader alone decides (design.md section 5); apply checks again that the session exists.
/// </summary>
/// <remarks>
/// A contact only notes its time. A timer is looked at when it would be due without the contacts since it was last
/// looked at: once in a timeout, however many sessions there are and however often they ping.
/// </remarks>
internal sealed class SessionExpiry
{
    // Of timers that are gone; below it a small cluster would only clear up.
    private const int StaleLooksLeast = 1_024;

    private readonly Dictionary<long, Timer> timers = [];
    private readonly PriorityQueue<Timer, long> looks = new();
    private readonly List<long> due = [];

    public int Count => timers.Count;

    /// <summary>Looks that are to be taken, those at timers that are gone included.</summary>
    public int Looks => looks.Count;

    /// <summary>Forgets all: this node does not lead.</summary>
    public void Clear()
    {
        timers.Clear();
        looks.Clear();
    }

    /// <summary>A session exists since now, or got a new timeout: it has all of it.</summary>
    public void Track(long session, int timeoutMs, long nowMs)
    {
        var timer = new Timer(session, timeoutMs, nowMs);
        timers[session] = timer;
        looks.Enqueue(timer, timer.DueMs);
        if (looks.Count > (2 * timers.Count) + StaleLooksLeast)
            DropStaleLooks();
    }

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

    /// <summary>The sessions whose time is over at <paramref name="nowMs"/>, as many as a turn may end.</summary>
    /// <param name="nowMs">The leader's monotonic time.</param>
    /// <param name="limits">
    /// How many sessions, and how many ephemerals of them together; one session may have more. And how many timers are
    /// looked at: what is behind them waits for the next call.
    /// </param>
    /// <param name="ephemeralsOf">How many ephemerals a session has.</param>
    /// <returns>A list that is valid until the next call; they count as ending from now on.</returns>
    public IReadOnlyList<long> TakeDue(long nowMs, NodeLimits limits, Func<long, int> ephemeralsOf)
    {
        due.Clear();
        var ephemeralsLeft = limits.ExpiredEphemeralsPerTurnMax;
        for (var count = 0; count < limits.ExpiryLooksPerTurnMax && due.Count < limits.ExpiriesPerTurnMax; count++)
        {
            if (!looks.TryPeek(out var timer, out var lookMs) || nowMs <= lookMs)
                break;
            var isPresent = timers.TryGetValue(timer.Session, out var present) && present == timer;
            var isDue = isPresent && nowMs > timer.DueMs;
            if (isDue && (ephemeralsLeft -= ephemeralsOf(timer.Session)) < 0 && due.Count > 0)
                break;
            looks.Dequeue();
            if (!isPresent)
                continue; // Its session is gone, or has another by now.
            if (!isDue)
            {
                looks.Enqueue(timer, timer.DueMs);
                continue;
            }

            timer.IsEnding = true;
            due.Add(timer.Session);
        }

        return due;
    }

    /// <summary>When the session's time is over, on the leader's monotonic clock; null where it has no timer.</summary>
    public long? DueMs(long session) =>
        timers.TryGetValue(session, out var timer) ? timer.DueMs : null;

    /// <summary>The end of this session did not make it into the log: its timer runs again, from now.</summary>
    public void Revive(long session, long nowMs)
    {
        if (timers.TryGetValue(session, out var timer))
            Track(session, timer.TimeoutMs, nowMs);
    }

    // The look at a session that ended, or came back, stays until it is due: hours of them, where timeouts are hours.
    private void DropStaleLooks()
    {
        looks.Clear();
        looks.EnqueueRange(timers.Values.Where(timer => !timer.IsEnding).Select(timer => (timer, timer.DueMs)));
    }

    private sealed class Timer(long session, int timeoutMs, long nowMs)
    {
        public long Session { get; } = session;

        public int TimeoutMs { get; } = timeoutMs;

        public long LastContactMs { get; set; } = nowMs;

        public long DueMs => LastContactMs + TimeoutMs;

        public bool IsEnding { get; set; }
    }
}
