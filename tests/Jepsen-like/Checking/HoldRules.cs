using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Locks and semaphores as their holders know them. A hold counts from when its client knew of it to when it let go,
/// but no longer than the servers owed it its session: until its last contact and the timeout.
/// </summary>
internal static class HoldRules
{
    private const string Reader = "read";

    /// <summary>Writers alone, readers beside each other; tokens and what is guarded.</summary>
    public static CheckReport CheckLock(IReadOnlyList<Operation> history) => Check(history, (one, holds, findings) =>
    {
        CheckShared("exclusive", holds, held => held.Count < 2 || held.All(hold => hold.Text == Reader), findings);
        CheckTokenOrder(holds, findings);
        CheckGuarded(one, findings);
    });

    /// <summary>At most so many at once.</summary>
    public static CheckReport CheckSemaphore(IReadOnlyList<Operation> history, int permits) => Check(
        history, (_, holds, findings) => CheckShared("semaphore", holds, held => held.Count <= permits, findings));

    private static CheckReport Check(IReadOnlyList<Operation> history,
        Action<IEnumerable<Operation>, Operation[], List<Finding>> checkOne)
    {
        var lines = history.Where(o => o.Kind == OperationKind.CreateSequential ||
            (o.IsRead && o.Key.EndsWith("/queue", StringComparison.Ordinal))).ToArray();
        var numbers = NumberRules.Check(lines);
        var findings = numbers.Findings.ToList();
        foreach (var one in history.Where(o => o.Key.Contains('/')).GroupBy(o => o.Key[..o.Key.LastIndexOf('/')]))
        {
            var holds = one.Where(o => o.Kind == OperationKind.Hold)
                .Select(hold => hold with { Completed = Math.Min(hold.Completed, hold.Amount) })
                .Where(hold => hold.Invoked < hold.Completed).OrderBy(hold => hold.Invoked).ToArray();
            foreach (var twice in holds.GroupBy(hold => hold.Tag).Where(token => token.Count() > 1))
                findings.Add(new Finding("token-twice", $"token {twice.Key} was held twice", [.. twice]));
            checkOne(one, holds, findings);
        }

        LockRules.CheckExpiries(history, findings);
        var told = history.Where(o => o.IsKnown && (o.IsWrite || o.IsRead)).ToArray();
        WitnessOrder.CheckOrder(told, findings);
        return CheckReport.Of(history, history, findings) with { UnknownSeen = numbers.UnknownSeen };
    }

    /// <summary>Whoever holds at one moment may do so together.</summary>
    private static void CheckShared(
        string rule, Operation[] holds, Func<List<Operation>, bool> mayBeTogether, List<Finding> findings)
    {
        var held = new List<Operation>();
        foreach (var hold in holds)
        {
            held.RemoveAll(other => other.Completed <= hold.Invoked);
            held.Add(hold);
            if (!mayBeTogether(held))
                findings.Add(new Finding(rule, "held at the same time", [.. held]));
        }
    }

    /// <summary>Whoever holds later has a greater token; only readers among themselves may come in any order.</summary>
    private static void CheckTokenOrder(Operation[] holds, List<Finding> findings)
    {
        Operation? greatest = null;
        Operation? greatestWriter = null;
        foreach (var hold in holds)
        {
            var before = hold.Text == Reader ? greatestWriter : greatest;
            if (before is not null && hold.Tag < before.Tag)
                findings.Add(new Finding("token-order", "held later with a smaller token", [before, hold]));
            if (greatest is null || hold.Tag > greatest.Tag)
                greatest = hold;
            if (hold.Text != Reader && (greatestWriter is null || hold.Tag > greatestWriter.Tag))
                greatestWriter = hold;
        }
    }

    /// <summary>By zxid the tokens of writes only rise, and nothing is written under a reader.</summary>
    private static void CheckGuarded(IEnumerable<Operation> one, List<Finding> findings)
    {
        Operation? latest = null;
        foreach (var write in one.Where(o => o.Kind == OperationKind.Set && o.Succeeded).OrderBy(o => o.Zxid))
        {
            if (latest is not null && write.Amount < latest.Amount)
                findings.Add(new Finding("fencing", "a holder wrote after a later one had", [latest, write]));
            if (latest is null || write.Amount > latest.Amount)
                latest = write;
        }

        foreach (var check in one.Where(o => o is { Kind: OperationKind.Transaction, IsKnown: true, Expected: 1 } &&
            o.Error == Operation.BadVersion))
            findings.Add(new Finding("reader-disturbed", "what a reader holds was written", [check]));
    }
}
