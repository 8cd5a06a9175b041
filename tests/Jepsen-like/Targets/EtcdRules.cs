using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// The rules of workloads for keys of etcd. What etcd refuses gets no revision of its own, where ZooKeeper gives it a
/// zxid, so a refusal has no place in the servers' order: it is judged by the search alone.
/// </summary>
internal static class EtcdRules
{
    private static readonly string[] OfRefusals = ["linearizability", "refused"];

    /// <param name="history">As it was recorded.</param>
    /// <param name="check">The rules of its workload.</param>
    public static CheckReport Check(
        IReadOnlyList<Operation> history, Func<IReadOnlyList<Operation>, CheckReport> check)
    {
        var whole = check(history);
        var ordered = check([.. history.Where(o => !o.IsWrite || !o.IsKnown || o.Error == 0)]);
        return whole with
        {
            Findings =
            [
                .. ordered.Findings.Where(finding => !OfRefusals.Contains(finding.Rule)),
                .. whole.Findings.Where(finding => OfRefusals.Contains(finding.Rule)),
            ],
        };
    }
}
