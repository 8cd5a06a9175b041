using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Runs;

/// <summary>What the clients of one workload did, and what the validators say.</summary>
internal sealed record WorkloadResult(WorkloadKind Workload, IReadOnlyList<Operation> History, CheckReport Report);

/// <summary>What a run did.</summary>
internal sealed record RunResult(
    RunOptions Options,
    IReadOnlyList<WorkloadResult> Workloads,
    IReadOnlyList<FaultRecord> Faults,
    int LeaderChanges,
    int SessionsExpired,
    TimeSpan LongestGap,
    string? Failure)
{
    /// <summary>
    /// "violated" when a rule is broken, "failed" when the cluster did not heal or broke the protocol, "undecided" when
    /// a search met its limit; else "ok".
    /// </summary>
    public string Verdict =>
        Findings.Any() ? "violated"
        : Failure is not null ? "failed"
        : Workloads.Any(w => w.Report.UndecidedKeys.Count > 0) ? "undecided"
        : "ok";

    /// <summary>Those of rules that the target promises.</summary>
    public IEnumerable<Finding> Findings => AllFindings.Where(finding => Options.Target.Promises(finding.Rule));

    public IEnumerable<Finding> Unpromised => AllFindings.Where(finding => !Options.Target.Promises(finding.Rule));

    /// <summary>The end of what each node printed, node 1 first.</summary>
    public IReadOnlyList<NodeLog> NodeLogs { get; init; } = [];

    public int Operations => Workloads.Sum(w => w.Report.Operations);

    /// <summary>One line of figures.</summary>
    public string Figures() =>
        $"seed={Options.Seed} secs={Options.Duration.TotalSeconds:F0} operations={Operations} " +
        $"unknown={Workloads.Sum(w => w.Report.Unknown)} " +
        $"unknown_seen={Workloads.Sum(w => w.Report.UnknownSeen)} faults={Faults.Count} " +
        string.Concat(Faults.GroupBy(f => f.Fault.Name).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key}={g.Count()} ")) +
        $"leader_changes={LeaderChanges} sessions_expired={SessionsExpired} " +
        $"longest_gap_ms={LongestGap.TotalMilliseconds:F0} " +
        $"search_steps={Workloads.Sum(w => w.Report.SearchSteps)} " +
        $"findings={Findings.Count()} rules={Rules()} unpromised={Unpromised.Count()} verdict={Verdict}";

    private IEnumerable<Finding> AllFindings => Workloads.SelectMany(w => w.Report.Findings);

    private string Rules() => Findings.Any() ? string.Join(',', Findings.Select(f => f.Rule).Distinct()) : "none";
}
