using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// One-shot watches: each fires exactly once, for the first change after the read that left it, before any reply on its
/// connection that could show that change, and never before the data: no later reply there is from before it
/// (raft-design T22). Events come in the order of their changes. What fires while the client is not connected comes
/// when it asks for its watches again.
/// </summary>
internal static class WatchRules
{
    // Events that setWatches produces name no transaction, nor do those of ZooKeeper.
    private const long NoZxid = -1;

    public static void Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var changes = history.Where(o => o.IsWrite).GroupBy(o => o.Key)
            .ToDictionary(key => key.Key, key => new KeyChanges(key));
        var watching = history.Where(o => o.Kind is OperationKind.WatchedRead or OperationKind.Event)
            .Select(o => o.Session).ToHashSet();
        foreach (var session in history.Where(o => o.IsKnown && watching.Contains(o.Session)).GroupBy(o => o.Session))
            new Watcher(changes, findings).Check(session.OrderBy(o => o.Completed));
    }

    /// <summary>What one session may see.</summary>
    private sealed class Watcher(Dictionary<string, KeyChanges> changes, List<Finding> findings)
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

            if (fired.Zxid != NoZxid && fired.Zxid <= watch.Zxid)
                Find("an event for a change that the read had seen", watch, fired);
            else if (fired.Zxid > ChangesOf(watch).FirstAfter(watch.Zxid))
                Find("an event that missed the first change", watch, fired);
            else if (!ChangesOf(watch).MayHaveChanged(watch.Zxid, fired.Completed))
                Find("an event where nothing can have changed", watch, fired);

            if (fired.Zxid == NoZxid)
                nameless[fired.Key] = (watch, fired);
            else if (last is not null && last.Zxid > fired.Zxid)
                Find("events in another order than their changes", last, fired);
            else
                last = fired;
        }

        private void CheckReply(Operation reply)
        {
            CheckAge(reply);
            if (reply.Kind == OperationKind.RestoreWatch && watches.TryGetValue(reply.Key, out var restored))
                watches[reply.Key] = restored with { Connection = reply.Connection };
            foreach (var watch in watches.Values)
            {
                if (watch.Connection == reply.Connection && reply.Zxid >= ChangesOf(watch).FirstAfter(watch.Zxid))
                    Find("a reply shows a change before its event", watch, reply);
            }

            if (reply.Kind == OperationKind.WatchedRead && reply.Succeeded)
                watches[reply.Key] = reply;
        }

        private void CheckAge(Operation reply)
        {
            if (!reply.IsRead || !reply.Succeeded)
                return;
            if (last is not null && reply.Zxid < last.Zxid)
                Find("an event before its data", last, reply);
            if (nameless.TryGetValue(reply.Key, out var seen) && reply.ModifiedZxid <= seen.Watch.Zxid)
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
}
