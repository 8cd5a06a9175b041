using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// One-shot watches: each fires exactly once, for the first change after the read that left it, and before any reply on
/// its connection that could show that change (raft-design T22). What fires while the client is not connected comes
/// when it asks for its watch again.
/// </summary>
internal static class WatchRules
{
    // Events that setWatches produces name no transaction.
    private const long NoZxid = -1;

    public static void Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var changes = history.Where(o => o.IsWrite && o.Succeeded).GroupBy(o => o.Key)
            .ToDictionary(key => key.Key, key => key.Select(o => o.Zxid).Order().ToArray());
        var watching = history.Where(o => o.Kind is OperationKind.WatchedRead or OperationKind.Event)
            .Select(o => o.Session).ToHashSet();
        foreach (var session in history.Where(o => o.IsKnown && watching.Contains(o.Session)).GroupBy(o => o.Session))
            CheckSession(session.OrderBy(o => o.Completed), changes, findings);
    }

    private static void CheckSession(
        IEnumerable<Operation> session, Dictionary<string, long[]> changes, List<Finding> findings)
    {
        Operation? watch = null;
        foreach (var operation in session)
        {
            if (operation.Kind == OperationKind.Event)
            {
                CheckEvent(watch, operation, changes, findings);
                watch = null;
            }
            else if (operation.Kind == OperationKind.WatchedRead && operation.Succeeded)
            {
                watch = operation;
            }
            else if (watch is not null)
            {
                if (operation.Kind == OperationKind.RestoreWatch)
                    watch = watch with { Connection = operation.Connection };
                if (operation.Connection == watch.Connection && operation.Zxid >= FirstChange(watch, changes))
                    findings.Add(new Finding("watch", "a reply shows a change before its event", [watch, operation]));
            }
        }
    }

    private static void CheckEvent(
        Operation? watch, Operation fired, Dictionary<string, long[]> changes, List<Finding> findings)
    {
        if (watch is null || watch.Key != fired.Key)
            findings.Add(new Finding("watch", "an event that nobody waits for",
                watch is null ? [fired] : [watch, fired]));
        else if (fired.Zxid != NoZxid && fired.Zxid <= watch.Zxid)
            findings.Add(new Finding("watch", "an event for a change that the read had seen", [watch, fired]));
        else if (fired.Zxid > FirstChange(watch, changes))
            findings.Add(new Finding("watch", "an event that missed the first change", [watch, fired]));
    }

    /// <summary>The first change known after the read; writes that nobody knows of may come even before.</summary>
    private static long FirstChange(Operation watch, Dictionary<string, long[]> changes)
    {
        if (!changes.TryGetValue(watch.Key, out var zxids))
            return long.MaxValue;

        var at = Array.BinarySearch(zxids, watch.Zxid + 1);
        at = at < 0 ? ~at : at;
        return at < zxids.Length ? zxids[at] : long.MaxValue;
    }
}
