using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Campaigns;

/// <summary>
/// Of what the validators found, the acknowledged writes that are gone: the worst that a store can do. A stale read, or
/// an order that does not fit, loses nothing.
/// </summary>
internal static class LostWrites
{
    /// <summary>How the names of rules end that only a missing write breaks; each finding of them is one.</summary>
    public const string RuleEnd = "-lost";

    public static int Count(IReadOnlyList<Finding> findings) =>
        findings.Count(finding => finding.Rule.EndsWith(RuleEnd, StringComparison.Ordinal)) +
        findings.SelectMany(Overwritten).Distinct().Count();

    /// <summary>
    /// Acknowledged writes of a znode that an operation with a later zxid knows nothing of: its version is no higher,
    /// and it is another write's.
    /// </summary>
    private static IEnumerable<Operation> Overwritten(Finding finding) =>
        from write in finding.Operations
        where write.Succeeded && write.Kind is OperationKind.Set or OperationKind.CompareAndSet
        where finding.Operations.Any(later => later.Succeeded && later.Key == write.Key &&
            (later.IsWrite || later.IsRead) && later.Zxid > write.Zxid && later.Version <= write.Version &&
            later.Tag != write.Tag)
        select write;
}
