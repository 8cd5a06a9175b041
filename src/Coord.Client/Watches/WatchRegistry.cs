using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The one-shot watches that the server holds for this connection, and who waits for each. Entries are made on the
/// connection's thread when the registering reply arrives, so before any event of theirs.
/// </summary>
internal sealed class WatchRegistry(ClientMetrics metrics)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(WatchTable Table, string Path), List<WatchSignal>> watches = [];

    /// <summary>The watches that stay.</summary>
    internal SubtreeWatches Subtrees { get; } = new(metrics);

    internal void Add(WatchTable table, string path, WatchSignal signal)
    {
        lock (gate)
        {
            if (!watches.TryGetValue((table, path), out var signals))
                watches[(table, path)] = signals = new List<WatchSignal>(1);
            signals.Add(signal);
        }
    }

    /// <summary>Nobody waits with this signal any more. The server's watch stays and fires into nothing.</summary>
    internal void Remove(string path, WatchSignal signal)
    {
        lock (gate)
        {
            foreach (var table in Enum.GetValues<WatchTable>())
            {
                if (watches.TryGetValue((table, path), out var signals) && signals.Remove(signal) && signals.Count == 0)
                    watches.Remove((table, path));
            }
        }
    }

    internal void OnEvent(WatchEventType type, string path, long zxid)
    {
        metrics.WatchEvents.Record(1);
        Subtrees.OnEvent(type, path, zxid);
        switch (type)
        {
            case WatchEventType.NodeCreated or WatchEventType.NodeDataChanged:
                Fire(WatchTable.Data, path);
                Fire(WatchTable.Exist, path);
                break;
            case WatchEventType.NodeDeleted:
                Fire(WatchTable.Data, path, FiredBy.Deletion);
                Fire(WatchTable.Exist, path, FiredBy.Deletion);
                Fire(WatchTable.Child, path, FiredBy.Deletion);
                break;
            case WatchEventType.NodeChildrenChanged:
                Fire(WatchTable.Child, path);
                break;
        }
    }

    /// <summary>The server's watches on a path are gone: whoever waits for one reads again.</summary>
    internal void Wake(string path)
    {
        Fire(WatchTable.Data, path);
        Fire(WatchTable.Exist, path);
        Fire(WatchTable.Child, path);
    }

    /// <summary>
    /// A new connection of the same session: those who asked for it hear of the gap, the rest is registered again.
    /// </summary>
    /// <returns>The watches to register again, by table.</returns>
    internal List<(WatchTable Table, string Path)> OnReattach()
    {
        List<(WatchTable, string)> kept = [];
        lock (gate)
        {
            foreach (var (key, signals) in watches)
            {
                foreach (var signal in signals)
                {
                    if (signal.WantsGaps)
                        signal.Fire(FiredBy.Gap);
                }

                signals.RemoveAll(static signal => signal.WantsGaps);
                if (signals.Count > 0)
                    kept.Add(key);
                else
                    watches.Remove(key);
            }
        }

        return kept;
    }

    /// <summary>A new session, or the end: the server's watches are gone and everybody hears of it.</summary>
    internal void OnSessionLost()
    {
        lock (gate)
        {
            foreach (var signals in watches.Values)
            {
                foreach (var signal in signals)
                    signal.Fire(FiredBy.Gap);
            }

            watches.Clear();
        }

        Subtrees.OnHandshake();
    }

    private void Fire(WatchTable table, string path, FiredBy by = FiredBy.Change)
    {
        List<WatchSignal>? signals;
        lock (gate)
        {
            if (!watches.Remove((table, path), out signals))
                return;
        }

        foreach (var signal in signals)
            signal.Fire(by);
    }
}
