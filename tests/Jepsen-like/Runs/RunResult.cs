using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Runs;

/// <summary>What a run did, and what the validators say.</summary>
internal sealed record RunResult(
    RunOptions Options,
    IReadOnlyList<Operation> History,
    IReadOnlyDictionary<FaultKind, int> Faults,
    int LeaderChanges,
    int SessionsExpired,
    TimeSpan LongestGap,
    CheckReport Report,
    string? Failure)
{
    /// <summary>The validators' verdict; "failed" when the cluster did not heal or broke the protocol.</summary>
    public string Verdict => Report.Verdict == "ok" && Failure is not null ? "failed" : Report.Verdict;

    public int FaultCount => Faults.Values.Sum();

    /// <summary>One line of figures.</summary>
    public string Figures() =>
        $"seed={Options.Seed} secs={Options.Duration.TotalSeconds:F0} operations={Report.Operations} " +
        $"unknown={Report.Unknown} unknown_seen={Report.UnknownSeen} faults={FaultCount} " +
        string.Concat(Faults.Select(f => $"{Name(f.Key)}={f.Value} ")) +
        $"leader_changes={LeaderChanges} sessions_expired={SessionsExpired} " +
        $"longest_gap_ms={LongestGap.TotalMilliseconds:F0} search_steps={Report.SearchSteps} " +
        $"findings={Report.Findings.Count} rules={Report.Rules} verdict={Verdict}";

    private static string Name(FaultKind kind) => string.Concat(kind.ToString()
        .Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
