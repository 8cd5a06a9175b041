using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// A queue: each acknowledged item is taken once or still there at the end; nothing is taken that nobody added; items
/// are numbered in the order in which they were added, and are taken in the order of their numbers.
/// </summary>
internal static class QueueRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();

        // Being taken shows an item as being listed does.
        var takes = history.Where(o => o.Kind == OperationKind.Take).ToArray();
        var shown = takes.Where(o => o.Succeeded)
            .Select(o => o with { Kind = OperationKind.Read, Text = $"{o.Tag}:{o.Amount}" });
        var numbers = NumberRules.Check([.. history.Where(o => o.Kind != OperationKind.Take), .. shown]);
        findings.AddRange(numbers.Findings);

        var known = history.Where(o => o.IsKnown).ToArray();
        WitnessOrder.CheckOrder([.. known.Where(o => o.Kind != OperationKind.Read)], findings);
        CheckTaken(takes, findings);
        CheckLost(history, takes, findings);
        return numbers with
        {
            Operations = history.Count, Unknown = history.Count(o => !o.IsKnown), Findings = findings,
        };
    }

    private static void CheckTaken(Operation[] takes, List<Finding> findings)
    {
        var taken = takes.Where(o => o.Succeeded).OrderBy(o => o.Zxid).ToArray();
        foreach (var twice in taken.GroupBy(o => o.Tag).Where(item => item.Count() > 1))
            findings.Add(new Finding("queue-twice", $"item {twice.Key} was taken twice", [.. twice]));

        // Who deletes the first item of a list has seen every earlier item gone, for lists never go back in time.
        foreach (var (before, after) in taken.Zip(taken.Skip(1)).Where(pair => pair.First.Amount > pair.Second.Amount))
            findings.Add(new Finding("queue-order", "a later item was taken first", [before, after]));
    }

    private static void CheckLost(IReadOnlyList<Operation> history, Operation[] takes, List<Finding> findings)
    {
        var taken = takes.Where(o => o.Succeeded).ToDictionaryFirst(o => o.Tag);
        var tried = takes.Where(o => !o.IsKnown).Select(o => o.Tag).ToHashSet();
        foreach (var read in history.Where(o => o.IsRead && o.Succeeded))
        {
            var left = NumberedTag.Parse(read.Text).Select(item => item.Tag).ToHashSet();
            foreach (var add in history.Where(o => o.Kind == OperationKind.CreateSequential && o.Succeeded &&
                o.Completed < read.Invoked && !left.Contains(o.Tag)))
            {
                if (!tried.Contains(add.Tag) && !(taken.TryGetValue(add.Tag, out var by) && by.Zxid <= read.Zxid))
                    findings.Add(new Finding("queue-lost", $"item {add.Tag} is gone, and nobody took it", [add, read]));
            }

            foreach (var item in left)
            {
                if (taken.TryGetValue(item, out var by) && by.Zxid <= read.Zxid)
                    findings.Add(new Finding("queue-twice", $"item {item} is there after it was taken", [by, read]));
            }
        }
    }

    private static Dictionary<long, Operation> ToDictionaryFirst(
        this IEnumerable<Operation> operations, Func<Operation, long> key) =>
        operations.GroupBy(key).ToDictionary(same => same.Key, same => same.First());
}
