using System.Diagnostics;

namespace Coord.Client.Recipes;

/// <summary>One hold as meters and traces see it, from the grant to the first of release and loss.</summary>
internal sealed class LockHold(LockTelemetry telemetry, TimeProvider clock, Activity? activity)
{
    private readonly long began = clock.GetTimestamp();
    private CancellationTokenRegistration losing;
    private int hasEnded;

    /// <summary>Follows the token of the handle.</summary>
    /// <param name="reason">Asked when it is lost: why.</param>
    /// <param name="lost">Fires then.</param>
    internal void Follow(Func<string> reason, CancellationToken lost) =>
        losing = lost.UnsafeRegister(_ => Lost(reason()), null);

    /// <summary>Also by those who find out before the token does.</summary>
    internal void Lost(string reason) => End("lost", reason);

    internal void Released()
    {
        losing.Unregister();
        End("released", null);
    }

    private void End(string result, string? reason)
    {
        if (Interlocked.Exchange(ref hasEnded, 1) != 0)
            return;
        telemetry.EndHold(clock.GetElapsedTime(began), result, reason);
        activity?.SetTag("coord.lock.result", result);
        if (reason is not null)
            activity?.SetTag("coord.lock.reason", reason).SetStatus(ActivityStatusCode.Error);
        ClientTracing.Stop(activity);
    }
}
