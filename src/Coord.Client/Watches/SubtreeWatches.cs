using System.Runtime.InteropServices;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The persistent recursive watches of a client and the queues they feed. The server forgets them with the connection:
/// each handshake sets them again, and whoever reads a queue hears of the gap, unless the server tells what was missed.
/// </summary>
internal sealed class SubtreeWatches(ClientMetrics metrics)
{
    /// <summary>The server's extension for it (client-sdk.md section 23).</summary>
    internal const string PastFeature = "watch-from";

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<SubtreeQueue>> queues = new(StringComparer.Ordinal);
    private readonly Dictionary<(WatchEventKind Kind, string Path), int> newest = [];
    private Dictionary<(WatchEventKind Kind, string Path), int> known = [];
    private long newestZxid;
    private long knownZxid;
    private bool isPastMissing;

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
            return (queue, core.Send(new AddWatchCall(queue), ct).AsTask());
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
            if (queues.Count == 0 || IsKnown(kind, path, zxid))
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
            AddGap();
            return [.. queues.Keys];
        }
    }

    /// <summary>A new connection of the same session, to a server that may tell what was missed.</summary>
    /// <param name="lastZxid">The newest zxid of a reply: all events up to it have come.</param>
    internal MissedPast OnReattach(long lastZxid)
    {
        lock (gate)
        {
            isPastMissing = true;

            // A connection may break between two events of one change: that one is asked for again.
            known = new(newest);
            knownZxid = newestZxid;
            return new MissedPast(
                Math.Max(lastZxid, newestZxid - 1), Math.Max(lastZxid, newestZxid), [.. queues.Keys]);
        }
    }

    /// <summary>The server has told what was missed, all of it or not.</summary>
    internal void OnPast(bool isWhole)
    {
        lock (gate)
        {
            if (isWhole)
                isPastMissing = false;
            else
                AddGap();
        }
    }

    private void AddGap()
    {
        isPastMissing = false;
        newest.Clear();
        newestZxid = 0;
        foreach (var of in queues.Values)
            of.ForEach(static queue => queue.AddGap());
    }

    /// <summary>Whether an event came before its connection broke; notes it if not.</summary>
    private bool IsKnown(WatchEventKind kind, string path, long zxid)
    {
        // What the server makes up for the one-shot watch of somebody else comes among what was missed, too.
        if (zxid <= 0)
            return isPastMissing;
        if (isPastMissing && zxid == knownZxid && known.GetValueOrDefault((kind, path)) is > 0 and var times)
        {
            known[(kind, path)] = times - 1;
            return true;
        }

        if (zxid != newestZxid)
            newest.Clear();
        newestZxid = zxid;
        CollectionsMarshal.GetValueRefOrAddDefault(newest, (kind, path), out _)++;
        return false;
    }
}
