using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Transactions that read and append to lists. The lists tell the order of all writes, and so the dependencies between
/// transactions; these, with the order of real time, must have no cycle: strict serializability.
/// </summary>
internal static class AppendRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var all = history.Select(o => new ListTransaction(o, ListPart.Parse(o.Text))).ToArray();
        var writers = Writers(all);
        var resolved = Resolve(all);
        var done = resolved.Where(transaction => transaction.Operation.Succeeded).ToArray();
        var orders = done.SelectMany(transaction => transaction.Parts.Select(part => (transaction.Operation, part)))
            .GroupBy(read => read.part.Key)
            .ToDictionary(list => list.Key, list => ListOrder.Of([.. list], writers, findings).Elements);

        var graph = AppendDependencies.Build(done, orders);
        findings.AddRange(new CycleSearch(graph, [.. done.Select(transaction => transaction.Operation)]).Find());

        // What was only seen has no zxid that anybody was told.
        var told = history.Where(o => o.IsKnown).ToArray();
        WitnessOrder.CheckOrder(told, findings);
        SessionOrder.Check(told, findings);
        return CheckReport.Of(history, [.. resolved.Select(transaction => transaction.Operation)], findings);
    }

    private static Dictionary<long, ListWriter> Writers(IEnumerable<ListTransaction> transactions)
    {
        var writers = new Dictionary<long, ListWriter>();
        foreach (var (operation, parts) in transactions.Where(t => t.Operation.Kind == OperationKind.Transaction))
        {
            foreach (var part in parts)
            {
                foreach (var element in part.Appended)
                    writers.Add(element, new ListWriter(operation, part));
            }
        }

        return writers;
    }

    /// <summary>An unknown transaction of which anything was read has happened, and by the end of that read.</summary>
    private static ListTransaction[] Resolve(ListTransaction[] transactions)
    {
        var seen = new Dictionary<long, long>();
        foreach (var (operation, parts) in transactions.Where(t => t.Operation.Succeeded)
            .OrderBy(t => t.Operation.Completed))
        {
            foreach (var element in parts.SelectMany(part => part.Read))
                seen.TryAdd(element, operation.Completed);
        }

        return [.. transactions.Select(transaction =>
        {
            var times = transaction.Operation.IsKnown ? [] : transaction.Parts.SelectMany(part => part.Appended)
                .Where(seen.ContainsKey).Select(element => seen[element]).ToArray();
            return times.Length == 0
                ? transaction
                : transaction with { Operation = transaction.Operation with { Completed = times.Min() } };
        })];
    }
}

/// <summary>An operation on lists, a read of one too.</summary>
internal sealed record ListTransaction(Operation Operation, ListPart[] Parts);
