using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Sets to which elements are only added: every read holds what was acknowledged before it began and what any earlier
/// read held, nothing that was not asked for or was refused, nothing twice; and by zxid exactly what was there.
/// </summary>
internal static class SetRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var resolved = new List<Operation>();
        foreach (var set in history.GroupBy(o => o.Key))
        {
            var adds = set.Where(o => o.Kind == OperationKind.Create).ToDictionary(o => o.Tag);
            var reads = set.Where(o => o.IsRead).Select(read => (Read: read, Held: Numbers.Parse(read.Text)))
                .OrderBy(read => read.Read.Completed).ToArray();
            var seen = new Dictionary<long, Operation>();
            foreach (var (read, held) in reads.Where(read => read.Read.Succeeded))
            {
                CheckHeld(read, held, adds, findings);
                held.ForEach(element => seen.TryAdd(element, read));
            }

            CheckMissing(reads, adds, seen, findings);
            resolved.AddRange(set.Select(o => !o.IsKnown && seen.TryGetValue(o.Tag, out var read)
                ? o with { Completed = read.Completed } : o));
        }

        var told = history.Where(o => o.IsKnown).ToArray();
        WitnessOrder.CheckOrder(told, findings);
        SessionOrder.Check(told, findings);
        return CheckReport.Of(history, resolved, findings);
    }

    private static void CheckHeld(
        Operation read, List<long> held, Dictionary<long, Operation> adds, List<Finding> findings)
    {
        foreach (var twice in held.GroupBy(element => element).Where(group => group.Count() > 1))
            findings.Add(new Finding("set-duplicate", $"element {twice.Key} stands twice", [read]));

        // Nothing is removed, so the version of the list counts its elements (zookeeper-protocol 4).
        if (read.Version != held.Count)
            findings.Add(new Finding("set-version", $"{held.Count} elements at version {read.Version}", [read]));

        foreach (var element in held)
        {
            if (!adds.TryGetValue(element, out var add))
                findings.Add(new Finding("phantom", $"element {element}, which nobody added", [read]));
            else if (add.Invoked > read.Completed)
                findings.Add(new Finding("phantom", $"element {element} before it was asked for", [add, read]));
            else if (add.IsKnown && add.Error != 0)
                findings.Add(new Finding("refused", $"element {element}, which was refused", [add, read]));
            else if (add.IsKnown && add.Zxid > read.Zxid)
                findings.Add(new Finding("set-witness", $"element {element} ahead of its zxid", [add, read]));
        }
    }

    /// <summary>Elements that a read ought to hold: acknowledged, or held by a read before.</summary>
    private static void CheckMissing((Operation Read, List<long> Held)[] reads, Dictionary<long, Operation> adds,
        Dictionary<long, Operation> seen, List<Finding> findings)
    {
        foreach (var (read, list) in reads.Where(read => read.Read.IsKnown))
        {
            var held = list.ToHashSet();
            foreach (var (element, add) in adds.Where(add => !held.Contains(add.Key)))
            {
                if (add.Succeeded && add.Completed < read.Invoked)
                    findings.Add(new Finding("set-lost", $"element {element} was acknowledged before", [add, read]));
                else if (seen.TryGetValue(element, out var earlier) && earlier.Completed < read.Invoked)
                    findings.Add(new Finding("set-lost", $"element {element} was there before", [earlier, read]));
                else if (add.Succeeded && add.Zxid <= read.Zxid)
                    findings.Add(new Finding("set-witness", $"element {element} behind its zxid", [add, read]));
            }
        }
    }
}
