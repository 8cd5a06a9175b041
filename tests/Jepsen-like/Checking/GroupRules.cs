using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Transactions on groups of registers: each register holds the rules of registers, a transaction stands at one zxid in
/// all that it writes, and per group some order agrees with time and results, without a look at zxids.
/// </summary>
internal static class GroupRules
{
    // A part of a refused transaction that was not the one refused: it must not be applied, and tells nothing else.
    private const int Withdrawn = -2;

    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        return Check(history, findings);
    }

    /// <summary>The same, beside what other rules have found.</summary>
    public static CheckReport Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var resolved = Resolve(history, findings);
        WitnessOrder.CheckReplay(
            [.. resolved.SelectMany(Project).Where(o => o.Error != Withdrawn && (o.IsKnown || o.IsWrite))], findings);
        WitnessOrder.CheckOrder(resolved, findings);
        SessionOrder.Check(resolved, findings);

        var undecided = new List<string>();
        var steps = 0L;
        foreach (var group in resolved.GroupBy(GroupOf))
        {
            var search = Search([.. group]);
            steps += search.Steps;
            if (search.Verdict == SearchVerdict.Undecided)
                undecided.Add(group.Key);
            else if (search.Verdict == SearchVerdict.NotLinearizable)
                findings.Add(HistoryChecker.Explain(group.Key, search));
        }

        return CheckReport.Of(history, resolved, findings) with { SearchSteps = steps, UndecidedKeys = undecided };
    }

    private static SearchResult Search(Operation[] group)
    {
        // By reference: two reads may be equal in everything.
        var parts = new Dictionary<Operation, GroupPart[]>(ReferenceEqualityComparer.Instance);
        foreach (var operation in group)
            parts.Add(operation, PartsOf(operation));

        var registers = parts.Values.SelectMany(part => part).Max(part => part.Register) + 1;
        var ordered = group.Where(o => o.Kind == OperationKind.Read || o.Kind == OperationKind.Transaction);
        return OrderSearch<GroupState>.Run(ordered, GroupState.Initial(registers),
            (state, operation) => GroupState.Apply(state, operation, parts[operation]), HistoryChecker.StepsMax);
    }

    /// <summary>As operations on single registers: what it read, just before it, and what it wrote.</summary>
    private static IEnumerable<Operation> Project(Operation operation)
    {
        if (operation.Kind != OperationKind.Transaction)
            return [operation];

        var parts = GroupPart.Parse(operation.Text);
        if (operation.Succeeded)
            return parts.SelectMany(part => part.IsSet
                ? [ReadOf(operation, part), WriteOf(operation, part)]
                : new[] { ReadOf(operation, part) });

        return parts.Select((part, i) => (Part: part, IsRefused: operation.IsKnown && i == operation.Expected))
            .Where(at => at.Part.IsSet || at.IsRefused)
            .Select(at => WriteOf(operation, at.Part) with
            {
                Error = !operation.IsKnown ? 0 : at.IsRefused ? operation.Error : Withdrawn,
            });
    }

    private static Operation ReadOf(Operation transaction, GroupPart part) => transaction with
    {
        Kind = OperationKind.LocalRead, Key = Path(transaction, part), Zxid = transaction.Zxid - 1, Tag = part.Tag,
        Amount = part.Amount, Version = part.Version, ModifiedZxid = part.ModifiedZxid, Text = "",
    };

    private static Operation WriteOf(Operation transaction, GroupPart part) => transaction with
    {
        Kind = OperationKind.CompareAndSet, Key = Path(transaction, part), Amount = part.NewAmount,
        Expected = part.Version, Version = transaction.Succeeded ? part.Version + 1 : 0,
        ModifiedZxid = transaction.Succeeded ? transaction.Zxid : 0, Text = "",
    };

    /// <summary>
    /// Fills in unknown transactions of which a write was seen. What these had read shows others, so it goes on until
    /// no more are found.
    /// </summary>
    private static List<Operation> Resolve(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        while (true)
        {
            var found = new List<Finding>();
            var projected = Observations.Resolve([.. history.SelectMany(Project)], found);
            var resolved = ResolveTransactions(history, projected, findings);
            if (resolved.Count(o => o.IsKnown) == history.Count(o => o.IsKnown))
            {
                findings.AddRange(found);
                return resolved;
            }

            history = resolved;
        }
    }

    /// <summary>Unknown transactions that somebody saw one write of: all of it is known then.</summary>
    private static List<Operation> ResolveTransactions(
        IReadOnlyList<Operation> history, List<Operation> projected, List<Finding> findings)
    {
        var seen = projected.Where(o => o is { Kind: OperationKind.CompareAndSet, Succeeded: true })
            .GroupBy(o => o.Tag).ToDictionary(write => write.Key, write => write.ToArray());
        return [.. history.Select(operation =>
        {
            if (operation.IsKnown || !seen.TryGetValue(operation.Tag, out var writes))
                return operation;
            if (writes.Any(write => write.Zxid != writes[0].Zxid))
                findings.Add(new Finding("atomic", "one transaction stands at two zxids", [operation, .. writes]));
            return operation with { Completed = writes.Min(write => write.Completed), Zxid = writes[0].Zxid };
        })];
    }

    private static GroupPart[] PartsOf(Operation operation) => operation.Kind == OperationKind.Transaction
        ? GroupPart.Parse(operation.Text)
        : [new GroupPart(RegisterOf(operation.Key), false, operation.Version, operation.Tag, 0, 0, 0)];

    private static int RegisterOf(string path) => int.Parse(path.AsSpan(path.LastIndexOf('/') + 2));

    private static string Path(Operation transaction, GroupPart part) => $"{transaction.Key}/r{part.Register}";

    private static string GroupOf(Operation operation) => operation.Kind == OperationKind.Transaction
        ? operation.Key
        : operation.Key[..operation.Key.LastIndexOf('/')];
}
