using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>All guards of a client; heartbeats check their znodes in turn (client-sdk.md 4.2).</summary>
internal sealed class GuardBook(ILogger logger)
{
    private readonly Lock gate = new();
    private readonly List<ZnodeGuard> guards = [];
    private int next;

    internal ZnodeGuard Add(string path, string serverPath, CoordSession session)
    {
        var guard = new ZnodeGuard(this, path, serverPath, session);
        lock (gate)
            guards.Add(guard);
        // The session may have been lost between the caller's look at it and the line above.
        if (session.IsLost)
            guard.Lose();
        return guard;
    }

    internal void Remove(ZnodeGuard guard)
    {
        lock (gate)
            guards.Remove(guard);
    }

    /// <summary>The guard whose turn it is, or null.</summary>
    internal ZnodeGuard? Next()
    {
        lock (gate)
        {
            if (guards.Count == 0)
                return null;
            next = (next + 1) % guards.Count;
            return guards[next] is { IsWatching: true } guard ? guard : null;
        }
    }

    internal void LoseAll(CoordSession session)
    {
        ZnodeGuard[] lost;
        lock (gate)
            lost = [.. guards.Where(guard => ReferenceEquals(guard.Session, session))];
        foreach (var guard in lost)
            guard.Lose();
    }

    /// <summary>Logs what a callback of a lost token throws; nobody awaits it.</summary>
    internal void Observe(Task callbacks) =>
        _ = callbacks.ContinueWith(
            done => SessionLog.CallbackFailed(logger, done.Exception!),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
}
