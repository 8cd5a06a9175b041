using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>Runs every validator over a history: the servers' own order first, then the general search.</summary>
internal static class HistoryChecker
{
    /// <summary>In the path of counters: znodes that are only incremented.</summary>
    public const string CounterMark = "/counter-";

    /// <summary>In the path of locks: ephemeral znodes that come and go.</summary>
    public const string LockMark = "/lock-";

    /// <summary>Steps of one key's search before it is given up.</summary>
    public const long StepsMax = 20_000_000;

    private const int SearchFindingsMax = 8;

    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var families = history.Where(o => Family.Holds(o.Key)).ToArray();
        var registers = Observations.Resolve(
            [.. history.Where(o => !IsAboutLocks(o) && !Family.Holds(o.Key))], findings);
        var locks = LockRules.Resolve([.. history.Where(IsAboutLocks)], findings);
        LockRules.Check(locks, findings);
        WitnessOrder.CheckReplay(registers, findings);
        WatchRules.Check([.. registers, .. families], findings);
        PersistentWatchRules.Check(families, findings);

        // zxids order everything, whatever it is about.
        List<Operation> resolved = [.. registers, .. locks, .. families];
        WitnessOrder.CheckOrder(resolved, findings);
        SessionOrder.Check(resolved, findings);

        var undecided = new List<string>();
        var steps = 0L;
        var keys = registers.GroupBy(o => o.Key).ToArray();
        foreach (var key in keys)
        {
            var operations = key.ToArray();
            if (key.Key.Contains(CounterMark, StringComparison.Ordinal))
                CounterRules.Check(key.Key, operations, findings);

            var search = LinearizabilitySearch.Run(operations, StepsMax);
            steps += search.Steps;
            if (search.Verdict == SearchVerdict.Undecided)
                undecided.Add(key.Key);
            else if (search.Verdict == SearchVerdict.NotLinearizable)
                findings.Add(Explain(key.Key, search));
        }

        var unknown = history.Count(o => !o.IsKnown);
        return new CheckReport(history.Count, unknown, unknown - resolved.Count(o => !o.IsKnown), keys.Length, steps,
            undecided, findings);
    }

    /// <summary>Says in words where a search came to its end.</summary>
    public static Finding Explain(string key, SearchResult search) => new("linearizability",
        $"{key}: no order agrees with time and results. The last {search.LongestOrderEnd.Count} operations of the " +
        $"longest order that fits, then the {search.Blocked.Count} of which none can follow:",
        [.. search.LongestOrderEnd, .. search.Blocked.Take(SearchFindingsMax)]);

    /// <summary>The ends of sessions matter to locks only; they have no key.</summary>
    private static bool IsAboutLocks(Operation operation) =>
        operation.Key.Length == 0 || operation.Key.Contains(LockMark, StringComparison.Ordinal);
}
