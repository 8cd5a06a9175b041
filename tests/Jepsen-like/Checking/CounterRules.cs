using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// A counter is a znode that is only ever incremented by compare-and-set: its last amount is at least the acknowledged
/// increments and at most those and the unknown ones, and no amount was handed out twice.
/// </summary>
internal static class CounterRules
{
    public static void Check(string key, IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var increments = history.Where(o => o.Kind == OperationKind.CompareAndSet).ToArray();
        var acknowledged = increments.Where(o => o.Succeeded).ToArray();
        var unknown = increments.Count(o => !o.IsKnown);
        var last = history.Where(o => o.Kind == OperationKind.Read && o.Succeeded).MaxBy(o => o.Invoked);

        foreach (var twice in acknowledged.GroupBy(o => o.Amount).Where(g => g.Count() > 1))
            findings.Add(new Finding("counter", $"{key}: amount {twice.Key} was handed out twice", [.. twice]));

        if (last is null)
            return;

        var before = acknowledged.Count(o => o.Completed < last.Invoked);
        var possible = acknowledged.Count(o => o.Invoked <= last.Completed) + unknown;
        if (last.Amount < before || last.Amount > possible)
            findings.Add(new Finding("counter", $"{key}: {before} increments were acknowledged before the last read " +
                $"and {possible} can have been made by its end, it read {last.Amount}", [last]));
    }
}
