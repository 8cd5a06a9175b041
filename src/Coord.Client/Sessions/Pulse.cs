using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// What the heart does for one client: the session's deadline first, then silence, heartbeats and request limits.
/// </summary>
internal sealed class Pulse(
    CoordClientOptions options,
    ClientClock clock,
    Outbox outbox,
    SessionKeeper keeper,
    GuardBook guards,
    ConnectionLoop connection,
    ClientMetrics metrics,
    ILogger logger) : IBeating
{
    // Checks of a session's deadline, and how late one may be before the process counts as having stood still
    // (client-sdk.md 4.2).
    private const int BeatsPerTimeout = 20;
    private const int PausesPerTimeout = 10;
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(2);

    private Moment? dueAt;
    private long nextExpiryTicks;

    public TimeSpan Beat()
    {
        var now = clock.Now;
        var session = keeper.Session;
        var timeout = session.Epoch > 0 ? session.NegotiatedTimeout : options.SessionTimeout;
        CheckDeadline(session, now);
        ReportPause(now, timeout);
        CheckSilence(now, timeout);
        var untilHeartbeat = SendHeartbeat(session, now, timeout);
        ExpireRequests(now);

        var wait = Least(timeout / BeatsPerTimeout, untilHeartbeat, UntilDeadline(session, now));
        if (options.RequestTimeout != Timeout.InfiniteTimeSpan)
            wait = Least(wait, options.RequestTimeout / BeatsPerTimeout, wait);
        wait = wait < LeastWait ? LeastWait : wait;
        dueAt = new Moment(now.Monotonic + wait.Ticks, now.Wall + wait.Ticks);
        return wait;
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b, TimeSpan c)
    {
        var least = a < b ? a : b;
        return least < c ? least : c;
    }

    private static TimeSpan UntilDeadline(CoordSession session, Moment now)
    {
        if (session.Deadline is not { } deadline || session.IsLost)
            return TimeSpan.MaxValue;
        var left = deadline.Remaining(now);
        return left > TimeSpan.Zero ? left : TimeSpan.MaxValue;
    }

    private void CheckDeadline(CoordSession session, Moment now)
    {
        if (session.Deadline is not { } deadline || session.IsLost || !deadline.HasPassed(now))
            return;
        keeper.Lose(session, "the session deadline passed without proof of life");
        connection.Abort();
    }

    private void ReportPause(Moment now, TimeSpan timeout)
    {
        if (dueAt is not { } due)
            return;
        var late = now.Since(due);
        if (late <= timeout / PausesPerTimeout)
            return;
        metrics.Pauses.Record(1);
        SessionLog.Paused(logger, late);
    }

    private void CheckSilence(Moment now, TimeSpan timeout)
    {
        if (connection.Contact is { } contact && now.Since(contact.LastReceived) > timeout * 2 / 3)
            connection.Abort();
    }

    /// <returns>How long until the next heartbeat is due.</returns>
    private TimeSpan SendHeartbeat(CoordSession session, Moment now, TimeSpan timeout)
    {
        if (connection.Contact is not { } contact || session.Deadline is not { } deadline)
            return TimeSpan.MaxValue;
        var period = timeout / 3;
        var since = now.Since(contact.LastHeartbeat);
        if (since < period)
            return period - since;

        metrics.HeartbeatDelay.Record((since - period).TotalSeconds);
        var guard = guards.Next();
        if (guard is not null || deadline.NeedsWrites)
            outbox.Submit(
                new ProofCheck(guard?.ServerPath ?? "/", guard) { IsUrgent = true, BoundEpoch = session.Epoch });
        if (guard is null ? !deadline.NeedsWrites : keeper.Features.HasSessionProof)
            connection.Ping();
        contact.LastHeartbeat = now;
        return period;
    }

    private void ExpireRequests(Moment now)
    {
        if (now.Monotonic < nextExpiryTicks || options.RequestTimeout == Timeout.InfiniteTimeSpan)
            return;
        nextExpiryTicks = now.Monotonic + (options.RequestTimeout.Ticks / BeatsPerTimeout / 2);
        outbox.Expire(now.Monotonic);
    }
}
