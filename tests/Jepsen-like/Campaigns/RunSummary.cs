namespace Coord.JepsenLike.Campaigns;

/// <summary>What the tables tell of one workload in one run.</summary>
/// <param name="Name">Of the workload.</param>
/// <param name="Operations">Recorded.</param>
/// <param name="Succeeded">Of them.</param>
/// <param name="Unknown">Of them.</param>
/// <param name="Anomalies">Findings of rules that the target promises.</param>
/// <param name="Lost">Acknowledged writes that are gone.</param>
/// <param name="Unpromised">Findings of rules that the target does not promise.</param>
internal sealed record WorkloadSummary(
    string Name, int Operations, int Succeeded, int Unknown, int Anomalies, int Lost, int Unpromised);

/// <summary>What the tables tell of one run.</summary>
/// <param name="Number">Within its campaign.</param>
/// <param name="Nemesis">The column of the table.</param>
/// <param name="Families">The faults it drew from.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Verdict">As the run says it; "broken" when it could not begin.</param>
/// <param name="Objection">Why it does not count, or null.</param>
/// <param name="Repeat">The command that runs it again.</param>
/// <param name="Workloads">In the order of the run.</param>
/// <param name="Outages">One for each fault that was done.</param>
internal sealed record RunSummary(
    int Number, string Nemesis, IReadOnlyList<string> Families, int Seed, string Verdict, string? Objection,
    string Repeat, IReadOnlyList<WorkloadSummary> Workloads, IReadOnlyList<FaultOutage> Outages)
{
    public bool Counts => Objection is null;

    /// <summary>Findings, and a cluster that did not come back: that is one more, whatever the histories say.</summary>
    public int Anomalies => Workloads.Sum(workload => workload.Anomalies) + (Verdict == "failed" ? 1 : 0);

    public int Lost => Workloads.Sum(workload => workload.Lost);

    public int Unknown => Workloads.Sum(workload => workload.Unknown);

    public int Operations => Workloads.Sum(workload => workload.Operations);

    /// <summary>The name of the run's page, and of what else belongs to it.</summary>
    public string PageName => $"run-{Number:D3}.html";
}
