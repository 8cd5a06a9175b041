using System.Globalization;
using Coord.JepsenLike.Campaigns;

namespace Coord.JepsenLike.Reports;

/// <summary>The tables over the runs of one campaign or of several, those of one target taken together.</summary>
internal static class SummaryTables
{
    private static readonly string[] Totals =
    [
        "target", "nodes", "seeds", "runs", "count", "operations", "unknown", "faults", "anomalies", "lost writes",
        "not promised",
    ];

    public static string Markdown(IReadOnlyList<CampaignSummary> summaries) =>
        string.Concat(Of(summaries).Select(table => table.Markdown()));

    public static IEnumerable<Table> Of(IReadOnlyList<CampaignSummary> summaries)
    {
        var targets = summaries.GroupBy(summary => summary.Target).ToArray();
        yield return new Table(
            "Totals", "Not promised: findings of rules that the target does not claim to keep; no anomalies.", Totals,
            [.. targets.Select(target => Total(target.Key, [.. target]))]);
        foreach (var target in targets)
            yield return Pairs(target.Key, [.. target]);
        Table[] ends = [OutageTable.Of(targets), NotCounting(summaries), Anomalies(summaries)];
        foreach (var table in ends.Where(table => table.Rows.Count > 0))
            yield return table;
    }

    private static Cell[] Total(string target, CampaignSummary[] summaries)
    {
        var runs = summaries.SelectMany(summary => summary.Runs).ToArray();
        var unknown = Share(runs.Sum(run => run.Unknown), runs.Sum(run => run.Operations));
        var unpromised = runs.SelectMany(run => run.Workloads).Sum(workload => workload.Unpromised);
        return
        [
            target, Join(summaries.Select(summary => summary.Nodes)), Join(summaries.Select(summary => summary.Seed)),
            Number(runs.Length), Number(runs.Count(run => run.Counts)), Number(runs.Sum(run => run.Operations)),
            unknown, Number(runs.Sum(run => run.Outages.Count)), Judged(runs.Sum(run => run.Anomalies)),
            Judged(runs.Sum(run => run.Lost)), Number(unpromised),
        ];
    }

    private static Table Pairs(string target, CampaignSummary[] summaries)
    {
        var workloads = summaries.SelectMany(summary => summary.Workloads).Distinct().ToArray();
        var nemeses = summaries.SelectMany(summary => summary.Nemeses).Distinct().ToArray();
        var runs = summaries.SelectMany(summary => summary.Runs).ToArray();
        return new Table(
            $"Workloads beside faults: {target}",
            "Runs that count; operations of the workload in them, and how many ended unknown; anomalies, of all runs.",
            ["workload", .. nemeses],
            [.. workloads.Select(workload => (IReadOnlyList<Cell>)
                [workload, .. nemeses.Select(nemesis => Pair(runs, workload, nemesis))])]);
    }

    private static Cell Pair(IEnumerable<RunSummary> runs, string workload, string nemesis)
    {
        var all = runs.Where(run => run.Nemesis == nemesis)
            .SelectMany(run => run.Workloads.Where(one => one.Name == workload).Select(one => (Run: run, One: one)))
            .ToArray();
        var counting = all.Where(pair => pair.Run.Counts).Select(pair => pair.One).ToArray();
        var anomalies = all.Sum(pair => pair.One.Anomalies);
        if (counting.Length == 0 && anomalies == 0)
            return new Cell("—", "faint");

        var text = string.Create(CultureInfo.InvariantCulture,
            $"{counting.Length} × {Short(counting.Sum(one => one.Operations))}, ") +
            $"{Share(counting.Sum(one => one.Unknown), counting.Sum(one => one.Operations))}, {anomalies}";
        return new Cell(text, anomalies > 0 ? "bad" : "good");
    }

    private static Table NotCounting(IReadOnlyList<CampaignSummary> summaries) => new(
        "Runs that do not count", "Why, and the command that repeats each.", ["target", "run", "why", "command"],
        [.. summaries.SelectMany(summary => summary.Runs.Where(run => !run.Counts).Select(run =>
            (IReadOnlyList<Cell>)[summary.Target, Number(run.Number), run.Objection!, run.Repeat]))]);

    private static Table Anomalies(IReadOnlyList<CampaignSummary> summaries) => new(
        "Runs with anomalies", "The command that repeats each.", ["target", "run", "verdict", "anomalies", "command"],
        [.. summaries.SelectMany(summary => summary.Runs.Where(run => run.Anomalies > 0).Select(run =>
            (IReadOnlyList<Cell>)
            [summary.Target, Number(run.Number), run.Verdict, Judged(run.Anomalies), run.Repeat]))]);

    private static Cell Judged(int count) => new(Number(count), count > 0 ? "bad" : "good");

    public static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Share(int part, int whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / Math.Max(1, whole):F1} %");

    private static string Short(int count) =>
        count < 10_000 ? Number(count) : string.Create(CultureInfo.InvariantCulture, $"{count / 1000.0:N0}k");

    private static string Join(IEnumerable<int> numbers) => string.Join(", ", numbers.Distinct());
}
