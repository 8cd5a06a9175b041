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
    private readonly List<WatchEvent> past = [];
    private long newestZxid;
    private bool isPastMissing;
    private bool isResumed;

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
        var item = new WatchEvent(kind, path, new Zxid(zxid));
        lock (gate)
        {
            if (isPastMissing)
                past.Add(item);
            else
                Tell(item);
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
            past.Clear();

            // A connection may break between two events of one change: that one is asked for again.
            return new MissedPast(
                Math.Max(lastZxid, newestZxid - 1), Math.Max(lastZxid, newestZxid), [.. queues.Keys]);
        }
    }

    /// <summary>The server has told what was missed.</summary>
    /// <param name="told">
    /// In how many events, the last ones that came: what other watches were told before is among them. Null or below
    /// 0: it has not.
    /// </param>
    internal void OnPast(int? told)
    {
        lock (gate)
        {
            if (told is not >= 0)
            {
                AddGap();
                return;
            }

            isPastMissing = false;
            var known = (Zxid: newestZxid, Events: new Dictionary<(WatchEventKind, string), int>(newest));
            foreach (var item in past.TakeLast(told.Value))
            {
                if (item.Zxid.Value == known.Zxid
                    && known.Events.GetValueOrDefault((item.Kind, item.Path)) is > 0 and var times)
                    known.Events[(item.Kind, item.Path)] = times - 1;
                else
                    Tell(item);
            }

            past.Clear();
            isResumed = true;
        }
    }

    /// <summary>The connection stands: who counts how long it was gone hears that nothing was missed.</summary>
    internal void OnAccepted()
    {
        lock (gate)
        {
            if (!isResumed)
                return;
            isResumed = false;
            foreach (var (path, of) in queues)
                of.ForEach(queue => queue.Add(new WatchEvent(SubtreeQueue.Resumed, path, default)));
        }
    }

    private void AddGap()
    {
        isPastMissing = isResumed = false;
        past.Clear();
        newest.Clear();
        newestZxid = 0;
        foreach (var of in queues.Values)
            of.ForEach(static queue => queue.AddGap());
    }

    private void Tell(WatchEvent item)
    {
        if (queues.Count == 0)
            return;
        if (item.Zxid.Value > 0)
            Note(item);
        for (var at = item.Path; ; at = ZnodePath.Parent(at))
        {
            if (queues.TryGetValue(at, out var of))
                of.ForEach(queue => queue.Add(item));
            if (at == "/")
                return;
        }
    }

    // The events of the newest change, to be known again if it is told once more.
    private void Note(WatchEvent item)
    {
        if (item.Zxid.Value != newestZxid)
            newest.Clear();
        newestZxid = item.Zxid.Value;
        CollectionsMarshal.GetValueRefOrAddDefault(newest, (item.Kind, item.Path), out _)++;
    }
}
