using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Campaigns;

/// <summary>
/// Which runs show anything at all. Clients that give up on most of what they ask, or a cluster that hardly works once
/// it is healed, leave histories in which there is little to find; such a run does not count. What it finds does.
/// </summary>
internal static class CountingRules
{
    /// <summary>Of all operations of a run.</summary>
    public const double UnknownShareMax = 0.1;

    /// <summary>Operations that succeed in a minute while no fault is on.</summary>
    public const int HealedPerMinuteMin = 1_000;

    private const double NanosecondsPerMinute = 60e9;

    /// <summary>Why the run does not count; null when it does.</summary>
    public static string? Objection(RunResult result)
    {
        var operations = Requests.Of(result.Workloads.SelectMany(workload => workload.History)).ToList();
        var unknown = operations.Count(o => !o.IsKnown);
        if (result.Verdict == "failed")
            return "it did not come to its end: " + result.Failure!.Split('\n')[0];
        if (result.Verdict == "undecided")
            return "a search met its limit";
        if (operations.Count == 0)
            return "no operation was recorded";
        if (unknown > operations.Count * UnknownShareMax)
            return $"{100.0 * unknown / operations.Count:F0} % of its operations ended unknown";

        var missed = result.Options.Nemeses.Except(result.Faults.Select(fault => fault.Fault.Nemesis)).ToArray();
        if (result.Options.Nemeses.Count > 0 && missed.Length == result.Options.Nemeses.Count)
            return $"no fault of {string.Join(", ", missed)} was done";

        var rate = HealedPerMinute(operations, result.Faults);
        return rate < HealedPerMinuteMin ? $"only {rate:F0} operations a minute succeeded after healing" : null;
    }

    /// <summary>Operations that succeeded while no fault was on, for each minute of such time.</summary>
    public static double HealedPerMinute(IReadOnlyCollection<Operation> operations, IReadOnlyList<FaultRecord> faults)
    {
        var completed = operations.Where(o => o.Succeeded).Select(o => o.Completed).Order().ToArray();
        if (completed.Length == 0)
            return 0;

        var begin = operations.Min(o => o.Invoked);
        var hurt = Stretches(faults).Sum(stretch => stretch.End - stretch.Begin);
        var successes = completed.Count(at => !faults.Any(fault => at > fault.Began && at <= fault.Served));
        var healed = completed[^1] - begin - hurt;
        return healed <= 0 ? 0 : successes * NanosecondsPerMinute / healed;
    }

    /// <summary>The times in which faults were on; those that overlap are one.</summary>
    private static List<(long Begin, long End)> Stretches(IEnumerable<FaultRecord> faults)
    {
        var stretches = new List<(long Begin, long End)>();
        foreach (var fault in faults.OrderBy(fault => fault.Began))
        {
            if (stretches.Count > 0 && fault.Began <= stretches[^1].End)
                stretches[^1] = (stretches[^1].Begin, Math.Max(stretches[^1].End, fault.Served));
            else
                stretches.Add((fault.Began, fault.Served));
        }

        return stretches;
    }
}
