using System.Runtime.ExceptionServices;

namespace Coord.Client;

/// <summary>
/// Changes on their way to one reader. Those of one znode that come faster than they are read become one, so that a
/// slow reader holds up nobody and needs no more memory than the znodes.
/// </summary>
internal sealed class CacheListener
{
    private readonly Lock gate = new();
    private Dictionary<string, (Znode? Old, Znode? New)> changes = new(StringComparer.Ordinal);
    private TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? failure;

    internal void Hear(string path, Znode? old, Znode? now)
    {
        lock (gate)
        {
            changes[path] = (changes.TryGetValue(path, out var pending) ? pending.Old : old, now);
            arrived.TrySetResult();
        }
    }

    internal void End(Exception reason)
    {
        lock (gate)
        {
            failure = reason;
            arrived.TrySetResult();
        }
    }

    internal async ValueTask<List<CacheChange>> TakeAsync(CancellationToken ct)
    {
        Task something;
        lock (gate)
            something = arrived.Task;
        await something.WaitAsync(ct).ConfigureAwait(false);
        lock (gate)
        {
            if (failure is not null && changes.Count == 0)
                ExceptionDispatchInfo.Throw(failure);
            var taken = changes;
            changes = new(StringComparer.Ordinal);
            if (failure is null)
                arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var changed = taken.Select(change => Of(change.Key, change.Value.Old, change.Value.New));
            return [.. changed.OfType<CacheChange>()];
        }
    }

    private static CacheChange? Of(string path, Znode? old, Znode? now) => (old, now) switch
    {
        (null, null) => null,
        (null, _) => new CacheChange(CacheChangeKind.Added, path, null, now),
        (_, null) => new CacheChange(CacheChangeKind.Removed, path, old, null),
        _ => new CacheChange(CacheChangeKind.Changed, path, old, now),
    };
}
