using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Campaigns;

/// <summary>How long a fault kept all clients from writing.</summary>
/// <param name="Nemesis">The family of the fault.</param>
/// <param name="Fault">Its name.</param>
/// <param name="Milliseconds">The longest time without an acknowledged write of any client.</param>
/// <param name="IsAlone">No other fault was on meanwhile: it is this one that did it.</param>
internal sealed record FaultOutage(string Nemesis, string Fault, double Milliseconds, bool IsAlone)
{
    /// <summary>One for each fault, in the same order.</summary>
    public static IReadOnlyList<FaultOutage> Measure(
        IReadOnlyList<FaultRecord> faults, IEnumerable<Operation> operations)
    {
        var acknowledged = operations.Where(o => o.IsWrite && o.Succeeded).Select(o => o.Completed).Order().ToArray();
        return [.. faults.Select(fault =>
            new FaultOutage(fault.Fault.Nemesis, fault.Fault.Name, LongestGap(fault, acknowledged) / 1e6,
                !faults.Any(other => other != fault && other.Began < fault.Served && fault.Began < other.Served)))];
    }

    /// <summary>
    /// Counted from the fault's beginning. A gap that is open when all nodes serve again ends with the next write: the
    /// clients still have to come back, and that is part of the outage.
    /// </summary>
    private static long LongestGap(FaultRecord fault, long[] acknowledged)
    {
        var at = Array.BinarySearch(acknowledged, fault.Began);
        var longest = 0L;
        var last = fault.Began;
        for (at = at < 0 ? ~at : at; at < acknowledged.Length && last < fault.Served; at++)
        {
            longest = Math.Max(longest, acknowledged[at] - last);
            last = acknowledged[at];
        }

        return Math.Max(longest, fault.Served - last);
    }
}
