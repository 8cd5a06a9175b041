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
    private const long HealedLeast = 1_000_000_000;

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
        var isJoined = result.Options.AtOnce >= result.Options.Nemeses.Count;
        if (missed.Length > 0 && (isJoined || missed.Length == result.Options.Nemeses.Count))
            return $"no fault of {string.Join(", ", missed)} was done";

        var rate = HealedPerMinute(operations, result.Faults);
        return rate < HealedPerMinuteMin ? $"only {rate:F0} operations a minute succeeded after healing" : null;
    }

    /// <summary>
    /// Operations that succeeded while no fault was on, for each minute of such time behind the first fault: what a
    /// cluster did before it was ever hurt says nothing of its healing. A moment shows no rate: where hardly any such
    /// time is left, that before the first fault counts too.
    /// </summary>
    public static double HealedPerMinute(IReadOnlyCollection<Operation> operations, IReadOnlyList<FaultRecord> faults)
    {
        if (operations.Count == 0)
            return 0;

        var stretches = Stretches(faults);
        var begin = operations.Min(o => o.Invoked);
        var end = operations.Max(o => o.IsKnown ? o.Completed : o.Invoked);
        var afterFirst = stretches.Count == 0 ? begin : stretches[0].End;
        return HealedPerMinute(operations, stretches, afterFirst, end)
            ?? HealedPerMinute(operations, stretches, begin, end) ?? 0;
    }

    /// <summary>Null where less than a second of healed time lies between the two.</summary>
    private static double? HealedPerMinute(
        IEnumerable<Operation> operations, List<(long Begin, long End)> hurt, long begin, long end)
    {
        var healed = end - begin - hurt.Where(stretch => stretch.End > begin)
            .Sum(stretch => Math.Min(stretch.End, end) - Math.Max(stretch.Begin, begin));
        if (healed < HealedLeast)
            return null;
        var successes = operations.Count(o => o.Succeeded && o.Completed >= begin
            && !hurt.Exists(stretch => o.Completed > stretch.Begin && o.Completed <= stretch.End));
        return successes * NanosecondsPerMinute / healed;
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
