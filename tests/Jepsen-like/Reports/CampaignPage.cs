using System.Globalization;
using System.Text;
using Coord.JepsenLike.Campaigns;

namespace Coord.JepsenLike.Reports;

/// <summary>The page over all runs of a campaign, and the same as Markdown and as figures to merge.</summary>
internal static class CampaignPage
{
    public static void WriteAll(string folder, CampaignSummary summary)
    {
        File.WriteAllText(Path.Combine(folder, "index.html"), Draw([summary], hasPages: true));
        File.WriteAllText(Path.Combine(folder, "summary.md"), SummaryTables.Markdown([summary]));
        summary.Write(Path.Combine(folder, "summary.json"));
    }

    /// <param name="summaries">One, or several to be merged.</param>
    /// <param name="hasPages">The pages of the runs lie beside this one.</param>
    public static string Draw(IReadOnlyList<CampaignSummary> summaries, bool hasPages = false)
    {
        var runs = summaries.SelectMany(summary => summary.Runs).ToArray();
        var anomalies = runs.Sum(run => run.Anomalies);
        var lead = $"{SummaryTables.Number(runs.Length)} runs on {string.Join(", ", Targets(summaries))}, " +
            $"{SummaryTables.Number(runs.Sum(run => run.Operations))} operations, " +
            $"{SummaryTables.Number(runs.Sum(run => run.Outages.Count))} faults";
        var body = new StringBuilder(Page.Headline("Campaign", anomalies == 0 ? "ok" : $"{anomalies} anomalies",
            anomalies == 0, lead));
        foreach (var table in SummaryTables.Of(summaries))
            body.Append(table.Html());
        if (hasPages)
            body.Append(Runs(runs).Html());
        return Page.Draw("Campaign", body.ToString());
    }

    private static IEnumerable<string> Targets(IReadOnlyList<CampaignSummary> summaries) =>
        summaries.Select(summary => summary.Target).Distinct();

    private static Table Runs(IEnumerable<RunSummary> runs) => new(
        "Runs", "Each with its plots, faults, logs and the command that repeats it.",
        ["run", "nemesis", "workloads", "operations", "unknown", "faults", "worst outage", "verdict", "counts"],
        [.. runs.Select(run => (IReadOnlyList<Cell>)
        [
            new(SummaryTables.Number(run.Number),
                Link: run.Verdict is RunSummaries.Broken or RunSummaries.Unavailable ? null : run.PageName),
            run.Nemesis == NemesisChoice.Combined ? string.Join(" + ", run.Families) : run.Nemesis,
            string.Join(", ", run.Workloads.Select(workload => workload.Name)),
            SummaryTables.Number(run.Operations), SummaryTables.Share(run.Unknown, run.Operations),
            SummaryTables.Number(run.Outages.Count), Worst(run),
            new(run.Verdict, run.Verdict == "ok" ? "good" : "bad"), run.Objection ?? "yes",
        ])]);

    private static string Worst(RunSummary run) => run.Outages.Count == 0 ? "—" : string.Create(
        CultureInfo.InvariantCulture, $"{run.Outages.Max(outage => outage.Milliseconds):N0} ms");
}
