using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Watches by addWatch on parents. While a connection lasts, each change behind the reply that left the watch, and no
/// other, is told once: in the order of changes, before any reply on the connection that could show it, and never
/// before the data. A persistent one tells of the list of children; a recursive one of the children themselves, and
/// never of the list. What changes while the client is not connected is not told, and nobody is told of that; from the
/// answer to setWatches2 on all is told again (zookeeper-protocol 6.3, 6.4, 6.6).
/// </summary>
internal static class PersistentWatchRules
{
    public static void Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var writes = history.Where(o => Family.IsChild(o.Key)).ToLookup(o => Family.ParentOf(o.Key));
        var sessions = Sessions(history).ToHashSet();
        foreach (var session in history.Where(o => o.IsKnown && sessions.Contains(o.Session)).GroupBy(o => o.Session))
            new Watcher(writes, findings).Check(session.OrderBy(o => o.Completed));
    }

    /// <summary>Those that keep such watches, and no others.</summary>
    public static IEnumerable<int> Sessions(IEnumerable<Operation> history) =>
        history.Where(o => o.Kind == OperationKind.AddWatch).Select(o => o.Session);

    /// <summary>What one session may see.</summary>
    private sealed class Watcher(ILookup<string, Operation> writes, List<Finding> findings)
    {
        // Of the session: what a watch tells of. Of the connection: how far it has told.
        private readonly Dictionary<string, ToldChanges> added = [];
        private readonly Dictionary<string, PersistentWatch> watches = [];
        private Operation? last;
        private int connection;

        public void Check(IEnumerable<Operation> operations)
        {
            foreach (var operation in operations)
            {
                if (connection != operation.Connection)
                {
                    watches.Clear();
                    last = null;
                    connection = operation.Connection;
                }

                if (operation.Kind == OperationKind.Event)
                    CheckEvent(operation);
                else
                    CheckReply(operation);
            }
        }

        private void CheckEvent(Operation fired)
        {
            if (!watches.TryGetValue(fired.Key, out var watch)
                && !watches.TryGetValue(Family.ParentOf(fired.Key), out watch))
            {
                Find("an event that nobody waits for", fired);
                return;
            }

            var (wrong, zxid) = watch.Hear(fired);
            if (wrong is not null)
                Find(wrong, watch.Since, fired);
            if (zxid != WatchRules.NoZxid && zxid < last?.Zxid)
                Find("events in another order than their changes", last, fired);
            else if (zxid != WatchRules.NoZxid)
                last = fired with { Zxid = zxid };
        }

        private void CheckReply(Operation reply)
        {
            if (reply.IsRead && reply.Zxid < last?.Zxid)
                Find("an event before its data", last, reply);
            foreach (var watch in watches.Values)
            {
                if (watch.Misses(reply))
                    Find("a reply shows a change before its event", watch.Since, reply);
            }

            if (reply.Kind == OperationKind.AddWatch && reply.Succeeded)
                added[reply.Key] = new ToldChanges(writes[reply.Key], reply);
            if (reply.Kind is OperationKind.AddWatch or OperationKind.RestoreWatch && reply.Succeeded
                && added.TryGetValue(reply.Key, out var told))
                watches[reply.Key] = new PersistentWatch(told, reply);
        }

        private void Find(string what, params Operation[] seen) =>
            findings.Add(new Finding("persistent-watch", what, seen));
    }
}
