using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Campaigns;

/// <summary>Makes a run's figures from what it recorded.</summary>
internal static class RunSummaries
{
    /// <summary>The verdict of a run that could not begin or end.</summary>
    public const string Broken = "broken";

    /// <summary>The verdict of a run that this machine cannot have: that fails nothing by itself.</summary>
    public const string Unavailable = "unavailable";

    public static RunSummary Of(PlannedRun plan, RunResult result)
    {
        var operations = result.Workloads.SelectMany(workload => workload.History);
        return new RunSummary(
            plan.Number, plan.Nemesis, plan.Families, plan.Seed, result.Verdict, CountingRules.Objection(result),
            result.Options.Repeat(),
            [.. result.Workloads.Select(workload => Of(workload, result.Options))],
            FaultOutage.Measure(result.Faults, operations));
    }

    /// <summary>Of a run that belongs to no campaign.</summary>
    public static RunSummary OfSingle(RunResult result)
    {
        var families = result.Options.Nemeses;
        var nemesis = families.Count == 0 ? NemesisChoice.None : string.Join('+', families);
        return Of(new PlannedRun(1, result.Options.Workloads, nemesis, families, result.Options.Seed), result);
    }

    public static RunSummary OfNothing(PlannedRun plan, RunOptions options, string verdict, string why) => new(
        plan.Number, plan.Nemesis, plan.Families, plan.Seed, verdict, $"{verdict}: {why}",
        options.Repeat(), [.. plan.Workloads.Select(name => new WorkloadSummary(name, 0, 0, 0, 0, 0, 0))], []);

    private static WorkloadSummary Of(WorkloadResult workload, RunOptions options)
    {
        var (kind, recorded, report) = workload;
        var history = Requests.Of(recorded).ToList();
        var promised = report.Findings.Where(finding => options.Target.Promises(finding.Rule)).ToList();
        return new WorkloadSummary(
            kind.Name, history.Count, history.Count(o => o.Succeeded), history.Count(o => !o.IsKnown), promised.Count,
            LostWrites.Count(promised), report.Findings.Count - promised.Count);
    }
}
