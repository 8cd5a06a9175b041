using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>What one session may see that keeps one-shot watches.</summary>
internal sealed class WatcherRules(Dictionary<string, KeyChanges> changes, List<Finding> findings)
{
    private static readonly KeyChanges None = new([]);

    private readonly Dictionary<string, Operation> watches = [];

    // The events of this connection: what no later reply of it may be older than, and of each key the read that a
    // nameless event was for.
    private readonly Dictionary<string, (Operation Watch, Operation Event)> nameless = [];
    private Operation? last;
    private int connection;

    public void Check(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            Enter(operation.Connection);
            if (operation.Kind == OperationKind.Event)
                CheckEvent(operation);
            else
                CheckReply(operation);
        }
    }

    private void CheckEvent(Operation fired)
    {
        if (!watches.Remove(fired.Key, out var watch))
        {
            Find("an event that nobody waits for", fired);
            return;
        }

        var known = ChangesOf(watch);
        if (fired.Zxid != WatchRules.NoZxid && fired.Zxid <= watch.Zxid)
            Find("an event for a change that the read had seen", watch, fired);
        else if (fired.Zxid > known.FirstAfter(watch.Zxid))
            Find("an event that missed the first change", watch, fired);
        else if (!known.MayHaveChanged(watch.Zxid, fired.Completed))
            Find("an event where nothing can have changed", watch, fired);
        else if (!Fits(watch, fired))
            Find("an event of another type than the change", watch, fired);

        if (fired.Zxid == WatchRules.NoZxid)
            nameless[fired.Key] = (watch, fired);
        CheckOrder(watch, fired, ZxidOf(watch, fired));
    }

    private void CheckOrder(Operation watch, Operation fired, long zxid)
    {
        // What setWatches produces comes in the order of its lists.
        if (zxid != WatchRules.NoZxid && zxid < last?.Zxid && watch.Connection == fired.Connection)
            Find("events in another order than their changes", last, fired);
        else if (last is null ? zxid != WatchRules.NoZxid : zxid > last.Zxid)
            last = fired with { Zxid = zxid };
    }

    /// <summary>The change that an event is for, or after a new connection the first of them; none if unsure.</summary>
    private long ZxidOf(Operation watch, Operation fired)
    {
        var known = ChangesOf(watch);
        return fired.Zxid != WatchRules.NoZxid || !known.AreKnownUntil(fired.Completed) ? fired.Zxid
            : known.FirstAfter(watch.Zxid) is < long.MaxValue and var zxid ? zxid : WatchRules.NoZxid;
    }

    private bool Fits(Operation watch, Operation fired)
    {
        var type = (WatchEventType)fired.Amount;
        if (Family.IsParent(watch.Key))
            return type == WatchEventType.ChildrenChanged;
        if (watch.Error == Operation.NoNode)
            return type == WatchEventType.Created;
        if (type is not (WatchEventType.Deleted or WatchEventType.DataChanged))
            return false;

        // One that was deleted and made again meanwhile has changed, to setWatches (zookeeper-protocol 6.6).
        return watch.Connection != fired.Connection
            || ChangesOf(watch).KindAt(ZxidOf(watch, fired)) is not { } change || WatchRules.TypeOf(change) == type;
    }

    private void CheckReply(Operation reply)
    {
        CheckAge(reply);
        if (reply.Kind == OperationKind.RestoreWatch && watches.TryGetValue(reply.Key, out var restored))
            watches[reply.Key] = Restore(restored, reply);
        foreach (var watch in watches.Values)
        {
            if (watch.Connection == reply.Connection && reply.Zxid >= ChangesOf(watch).FirstAfter(watch.Zxid))
                Find("a reply shows a change before its event", watch, reply);
        }

        // exists leaves a watch where there is no znode, and is all that is asked of znodes that may be missing.
        if (reply.Kind == OperationKind.WatchedRead && (reply.Succeeded || reply.Error == Operation.NoNode))
            watches[reply.Key] = reply;
    }

    private Operation Restore(Operation watch, Operation reply)
    {
        if (watch.Error != Operation.NoNode)
            return watch with { Connection = reply.Connection };

        // Of one that waits for a znode all that counts is whether it is there now: if it came and went meanwhile,
        // nobody tells (zookeeper-protocol 6.6).
        if (ChangesOf(watch).AreKnownUntil(reply.Completed)
            && ChangesOf(watch).LastKind(watch.Zxid, reply.Zxid) is { } change && change != OperationKind.Delete)
            Find("the znode is there, and who waited for it was not told", watch, reply);
        return watch with { Connection = reply.Connection, Zxid = reply.Zxid };
    }

    private void CheckAge(Operation reply)
    {
        if (!reply.IsRead || !(reply.Succeeded || reply.Error == Operation.NoNode))
            return;
        if (last is not null && reply.Zxid < last.Zxid)
            Find("an event before its data", last, reply);
        if (reply.Succeeded && nameless.TryGetValue(reply.Key, out var seen) && reply.ModifiedZxid <= seen.Watch.Zxid)
            Find("an event before its data", seen.Watch, seen.Event, reply);
    }

    // A node that the client comes to may not have seen what the one before it told of.
    private void Enter(int now)
    {
        if (connection == now)
            return;
        connection = now;
        last = null;
        nameless.Clear();
    }

    private KeyChanges ChangesOf(Operation watch) => changes.GetValueOrDefault(watch.Key, None);

    private void Find(string what, params Operation[] seen) => findings.Add(new Finding("watch", what, seen));
}
