using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// The order that the servers claim, checked in linear time (raft-design T20): every reply carries a zxid, so writes
/// come with a total order over all keys. It must agree with real time, and replaying it must give every result.
/// Expects a history that went through <see cref="Observations.Resolve"/>.
/// </summary>
internal static class WitnessOrder
{
    /// <summary>Over all keys: zxids of writes are their own and agree with real time.</summary>
    public static void CheckOrder(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        CheckWritesHaveTheirOwnZxid(history, findings);
        CheckRealTime(history, findings);
    }

    /// <summary>Per register: replaying by zxid gives every result.</summary>
    public static void CheckReplay(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        foreach (var key in history.GroupBy(o => o.Key))
            WitnessReplay.Check([.. key], findings);
    }

    private static void CheckWritesHaveTheirOwnZxid(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var seen = new Dictionary<long, Operation>();
        foreach (var write in history.Where(o => o.IsWrite && o.IsKnown))
        {
            if (!seen.TryAdd(write.Zxid, write))
                findings.Add(new Finding("zxid-unique", "two writes have one zxid", [seen[write.Zxid], write]));
        }
    }

    /// <summary>An operation that began after another ended is not before it; a write is strictly after it.</summary>
    private static void CheckRealTime(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        // A read of one node alone promises nothing about other clients; its session's order is SessionOrder's.
        var calls = history.Where(o => o.IsKnown && o.IsOrderedGlobally).ToArray();
        var returns = calls.ToArray();
        Array.Sort(calls, (a, b) => a.Invoked.CompareTo(b.Invoked));
        Array.Sort(returns, (a, b) => a.Completed.CompareTo(b.Completed));

        Operation? latest = null;
        var ended = 0;
        foreach (var call in calls)
        {
            for (; ended < returns.Length && returns[ended].Completed < call.Invoked; ended++)
            {
                if (latest is null || returns[ended].Zxid > latest.Zxid)
                    latest = returns[ended];
            }

            if (latest is null)
                continue;

            if (call.Zxid < latest.Zxid || (call.IsWrite && call.Zxid == latest.Zxid))
                findings.Add(new Finding("real-time", "began after the other ended, yet its zxid is not later",
                    [latest, call]));
        }
    }
}
