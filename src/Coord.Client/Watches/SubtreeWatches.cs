using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The persistent recursive watches of a client and the queues they feed. The server forgets them with the connection:
/// each handshake sets them again, and whoever reads a queue hears of the gap.
/// </summary>
internal sealed class SubtreeWatches(ClientMetrics metrics)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<SubtreeQueue>> queues = new(StringComparer.Ordinal);

    /// <summary>Begins to queue what happens at and below a path.</summary>
    /// <returns>The queue, and the request whose answer says that the server watches.</returns>
    internal (SubtreeQueue Queue, Task<Reply<bool>> Watched) Subscribe(
        ClientCore core, string serverPath, CancellationToken ct)
    {
        var queue = new SubtreeQueue(serverPath, metrics);
        lock (gate)
        {
            if (!queues.TryGetValue(serverPath, out var of))
                queues[serverPath] = of = [];
            of.Add(queue);
            // Sent under the lock, so that it cannot come between another reader's leaving and the removal it sends.
            return (queue, core.Send(new AddWatchCall(serverPath), ct).AsTask());
        }
    }

    /// <summary>Nobody reads the queue any more; the last one takes the watch off the server.</summary>
    internal void Unsubscribe(ClientCore core, SubtreeQueue queue)
    {
        lock (gate)
        {
            if (!queues.TryGetValue(queue.ServerPath, out var of) || !of.Remove(queue) || of.Count > 0)
                return;
            queues.Remove(queue.ServerPath);
            if (!core.IsDisposed)
                _ = core.Send(new RemoveWatchCall(queue.ServerPath, core.Watches), CancellationToken.None).AsTask();
        }
    }

    internal void OnEvent(WatchEventType type, string path, long zxid)
    {
        var kind = type switch
        {
            WatchEventType.NodeCreated => WatchEventKind.Created,
            WatchEventType.NodeDataChanged => WatchEventKind.DataChanged,
            WatchEventType.NodeDeleted => WatchEventKind.Deleted,
            _ => WatchEventKind.ChildrenChanged,
        };
        // A one-shot watch of somebody else: recursive ones are told of the child itself.
        if (kind == WatchEventKind.ChildrenChanged)
            return;
        lock (gate)
        {
            if (queues.Count == 0)
                return;
            for (var at = path; ; at = ZnodePath.Parent(at))
            {
                if (queues.TryGetValue(at, out var of))
                    of.ForEach(queue => queue.Add(new WatchEvent(kind, path, new Zxid(zxid))));
                if (at == "/")
                    return;
            }
        }
    }

    /// <summary>A new connection: everybody hears of the gap.</summary>
    /// <returns>The paths to be watched on it.</returns>
    internal List<string> OnHandshake()
    {
        lock (gate)
        {
            foreach (var of in queues.Values)
                of.ForEach(static queue => queue.AddGap());
            return [.. queues.Keys];
        }
    }
}
