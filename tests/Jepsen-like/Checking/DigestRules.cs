using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Nodes have the same state behind the same transaction. A history in which no digest behind the last writes is known
/// of every node decides nothing.
/// </summary>
internal static class DigestRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var digests = history.Where(o => o.Kind == OperationKind.Digest).ToArray();
        foreach (var zxid in digests.GroupBy(o => o.Zxid).Where(told => told.DistinctBy(o => o.Text).Count() > 1))
            findings.Add(new Finding("digest", $"nodes differ in their state behind zxid {zxid.Key}",
                [.. zxid.DistinctBy(o => (o.Node, o.Text))]));

        var sets = history.Where(o => o.Kind == OperationKind.Set).ToArray();
        var told = sets.Where(o => o.IsKnown).ToArray();
        WitnessOrder.CheckOrder(told, findings);
        var nodes = digests.Select(o => o.Node).Distinct().Count();
        var last = told.Select(o => o.Zxid).DefaultIfEmpty().Max();
        var isCompared = nodes > 0 && digests.Where(o => o.Zxid >= last).GroupBy(o => o.Zxid)
            .Any(zxid => zxid.Select(o => o.Node).Distinct().Count() == nodes);
        return CheckReport.Of(history, history, findings) with { UndecidedKeys = isCompared ? [] : ["digests"] };
    }
}
