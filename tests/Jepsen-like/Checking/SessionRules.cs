using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// What one session may rely on, whichever node it is attached to (zookeeper-protocol 12.1): it reads what it wrote,
/// never an older state than before, and its writes are applied in the order in which it sent them. Judged by versions
/// and tags, so that a zxid that claims too much does not hide it; zxids have rules of their own.
/// </summary>
internal static class SessionRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var resolved = Observations.Resolve(history, findings);
        WitnessOrder.CheckReplay(resolved, findings);
        WitnessOrder.CheckOrder(resolved, findings);
        SessionOrder.Check(resolved, findings);
        foreach (var session in resolved.GroupBy(o => o.Session))
        {
            Operation[] program = [.. session.OrderBy(o => o.Invoked)];
            foreach (var key in program.GroupBy(o => o.Key))
                CheckKey([.. key], findings);
            CheckWrites([.. program.Where(o => o.IsWrite && o.IsKnown)], findings);
        }

        return CheckReport.Of(history, resolved, findings);
    }

    /// <summary>One register as one session saw it; versions only rise.</summary>
    private static void CheckKey(Operation[] program, List<Finding> findings)
    {
        Operation? latest = null;
        foreach (var operation in program.Where(o => o.IsKnown))
        {
            // A write that was unknown stands where it was seen, which may be behind what followed it.
            if (latest is not null && operation.Invoked > latest.Completed && operation.Version < latest.Version)
                findings.Add(new Finding(latest.IsWrite && operation.IsRead ? "read-your-writes"
                    : operation.IsRead ? "monotonic-reads" : "writes-follow-reads",
                    $"version {operation.Version} after version {latest.Version}", [latest, operation]));
            if (latest is null || operation.Version > latest.Version)
                latest = operation;
        }
    }

    /// <summary>
    /// Writes of a session stand in the order in which they were sent, also those of which nobody heard an answer: a
    /// request that was left on an old connection is applied before what the session asked next, or never.
    /// </summary>
    private static void CheckWrites(Operation[] writes, List<Finding> findings)
    {
        foreach (var (before, after) in writes.Zip(writes.Skip(1)).Where(pair => pair.First.Zxid >= pair.Second.Zxid))
            findings.Add(new Finding("monotonic-writes", "sent later, yet its zxid is not later", [before, after]));
    }
}
