using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Numbers that the servers hand out, by key: none twice, ascending with zxids, and so that what began after another
/// had ended has a later one. Numbers that nobody was told belong to creations whose outcome is unknown.
/// </summary>
/// <remarks>zookeeper-protocol 4.2: the number is the count of the children that were ever created before.</remarks>
internal static class NumberRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var listed = Listed(history, findings);
        List<Operation> resolved = [.. history.Select(o => !o.IsKnown && listed.TryGetValue(o.Tag, out var number)
            ? o with { Amount = number.Number, Completed = number.Seen } : o)];
        foreach (var key in resolved.Where(o => o.Kind is OperationKind.Set or OperationKind.CreateSequential)
            .GroupBy(o => o.Key))
            CheckKey([.. key], findings);

        var told = history.Where(o => o.IsKnown && (o.IsWrite || o.IsRead)).ToArray();
        WitnessOrder.CheckOrder(told, findings);
        SessionOrder.Check(told, findings);
        return CheckReport.Of(history, resolved, findings);
    }

    /// <summary>Numbers by tag as lists of children show them, with the time when they were first seen.</summary>
    private static Dictionary<long, (long Number, long Seen)> Listed(
        IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var creates = history.Where(o => o.Kind == OperationKind.CreateSequential).ToDictionary(o => o.Tag);
        var listed = new Dictionary<long, (long Number, long Seen)>();
        foreach (var read in history.Where(o => o.IsRead && o.Succeeded).OrderBy(o => o.Completed))
        {
            foreach (var (tag, number) in NumberedTag.Parse(read.Text))
            {
                if (!creates.TryGetValue(tag, out var create) || create.Key != read.Key || IsRefused(create))
                    findings.Add(new Finding("phantom", $"number {number} of {tag}, which nobody created", [read]));
                else if (create.Succeeded && create.Amount != number)
                    findings.Add(new Finding("number-changed", $"{create.Amount} is listed as {number}",
                        [create, read]));
                else if (!listed.TryAdd(tag, (number, read.Completed)) && listed[tag].Number != number)
                    findings.Add(new Finding("applied-once", $"one creation has the numbers {number} and " +
                        $"{listed[tag].Number}", [create, read]));
            }
        }

        return listed;
    }

    private static bool IsRefused(Operation operation) => operation.IsKnown && operation.Error != 0;

    private static void CheckKey(Operation[] key, List<Finding> findings)
    {
        var given = key.Where(o => o.Succeeded).ToArray();
        foreach (var twice in given.GroupBy(o => o.Amount).Where(same => same.Count() > 1))
            findings.Add(new Finding("number-twice", $"{twice.Key} was handed out twice", [.. twice]));

        CheckOrder([.. given.Where(o => o.Zxid != 0).OrderBy(o => o.Zxid)], findings);
        CheckRealTime(given, findings);
        CheckGaps(key, [.. given.Select(o => o.Amount).Distinct().Order()], findings);
    }

    private static void CheckOrder(Operation[] byZxid, List<Finding> findings)
    {
        foreach (var (before, after) in byZxid.Zip(byZxid.Skip(1)))
        {
            if (after.Amount <= before.Amount)
                findings.Add(new Finding("number-order", "a later zxid has no later number", [before, after]));
        }
    }

    private static void CheckRealTime(Operation[] given, List<Finding> findings)
    {
        var byEnd = given.OrderBy(o => o.Completed).ToArray();
        var ended = 0;
        Operation? latest = null;
        foreach (var next in given.OrderBy(o => o.Invoked))
        {
            for (; byEnd[ended].Completed < next.Invoked; ended++)
            {
                if (latest is null || byEnd[ended].Amount > latest.Amount)
                    latest = byEnd[ended];
            }

            if (latest is not null && next.Amount <= latest.Amount)
                findings.Add(new Finding("number-real-time", "began after the other had ended, yet is no later number",
                    [latest, next]));
        }
    }

    /// <summary>Sequential names begin with 0, versions with 1; what is left out is of unknown creations.</summary>
    private static void CheckGaps(Operation[] key, long[] numbers, List<Finding> findings)
    {
        if (numbers.Length == 0)
            return;

        var first = key[0].Kind == OperationKind.Set ? 1 : 0;
        var missing = numbers[^1] - first + 1 - numbers.Length;
        var unknown = key.Count(o => !o.IsKnown);
        if (missing > unknown)
            findings.Add(new Finding("number-gap", $"{key[0].Key}: {missing} numbers up to {numbers[^1]} went to " +
                $"nobody, and only {unknown} outcomes are unknown", [key.MaxBy(o => o.Amount)!]));
    }
}
