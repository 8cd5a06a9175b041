using System.Globalization;
using System.Net;
using System.Text;
using Coord.JepsenLike.Campaigns;
using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Reports;

/// <summary>The page of one run: what was done to the cluster, how it answered, and what is wrong there.</summary>
internal static class RunPage
{
    private const int FindingsShown = 20;
    private const int AroundShown = 14;

    public static void Write(string path, RunResult result, RunSummary summary) =>
        File.WriteAllText(path, Draw(result, summary));

    public static string Draw(RunResult result, RunSummary summary)
    {
        var operations = Requests.Of(result.Workloads.SelectMany(workload => workload.History)).ToList();
        var workloads = string.Join(", ", summary.Workloads.Select(workload => workload.Name));
        var nemeses = summary.Families.Count == 0 ? "no faults" : string.Join(" and ", summary.Families);
        var body = new StringBuilder(Page.Headline(
            $"{workloads} beside {nemeses}", result.Verdict, result.Verdict == "ok",
            summary.Objection is { } objection ? $"This run does not count: {objection}." : "This run counts."));
        body.Append(Page.Facts(Facts(result, summary)));
        body.Append("<p class=\"note\">The same run again:</p>")
            .Append($"<pre class=\"command\">{Encode(summary.Repeat)}</pre>\n");
        if (result.Failure is not null)
            body.Append($"<h2>Why it did not come to its end</h2><pre>{Encode(result.Failure)}</pre>\n");
        AppendFindings(body, result);
        AppendPlots(body, result, operations);
        if (result.Faults.Count > 0)
            body.Append(FaultTable(result, summary).Html());
        body.Append(WorkloadTable(summary).Html());
        AppendLogs(body, result);
        return Page.Draw($"{workloads} beside {nemeses}, seed {summary.Seed}", body.ToString());
    }

    private static IEnumerable<(string, string)> Facts(RunResult result, RunSummary summary) =>
    [
        ("target", result.Options.Target.Name),
        ("nodes", SummaryTables.Number(result.Options.Nodes)),
        ("seed", summary.Seed.ToString(CultureInfo.InvariantCulture)),
        ("load", FormattableString.Invariant($"{result.Options.Duration.TotalSeconds:F0} s")),
        ("operations", SummaryTables.Number(summary.Operations)),
        ("unknown", SummaryTables.Share(summary.Unknown, summary.Operations)),
        ("faults", SummaryTables.Number(result.Faults.Count)),
        ("changes of leader", SummaryTables.Number(result.LeaderChanges)),
        ("sessions expired", SummaryTables.Number(result.SessionsExpired)),
        ("anomalies", SummaryTables.Number(summary.Anomalies)),
        ("lost writes", SummaryTables.Number(summary.Lost)),
        ("broken rules not promised", SummaryTables.Number(result.Unpromised.Count())),
    ];

    private static void AppendFindings(StringBuilder body, RunResult result)
    {
        var findings = result.Workloads.SelectMany(workload => workload.Report.Findings
            .Select(finding => (workload.History, Finding: finding))).ToArray();
        if (findings.Length == 0)
            return;

        body.Append($"<h2>What breaks a rule</h2><p class=\"note\">{findings.Length} findings, the first ")
            .Append($"{Math.Min(FindingsShown, findings.Length)} drawn; faint: other operations of the same znodes at ")
            .Append("that time.</p>\n");
        foreach (var (history, finding) in findings.Take(FindingsShown))
            Picture.Draw(body, finding, Around(finding, history));
    }

    /// <summary>Operations of the same keys, the nearest in time.</summary>
    private static Operation[] Around(Finding finding, IEnumerable<Operation> history)
    {
        var keys = finding.Operations.Select(o => o.Key).ToHashSet();
        var begin = finding.Operations.Min(o => o.Invoked);
        var end = finding.Operations.Max(o => o.IsKnown ? o.Completed : o.Invoked);
        return [.. history.Where(o => keys.Contains(o.Key) && !finding.Operations.Contains(o))
            .OrderBy(o => Math.Max(0, Math.Max(begin - o.Invoked, o.Invoked - end))).Take(AroundShown)];
    }

    private static void AppendPlots(StringBuilder body, RunResult result, List<Operation> operations)
    {
        if (operations.Count == 0)
            return;

        var end = Math.Max(operations.Max(o => o.IsKnown ? o.Completed : o.Invoked),
            result.Faults.Select(fault => fault.Served).DefaultIfEmpty().Max());
        var frame = new PlotFrame(result.Faults, operations.Min(o => o.Invoked), end);
        body.Append("""
            <h2>Rate</h2><div class="key"><span><i style="background:var(--ok)"></i>succeeded</span>
            <span><i style="background:var(--refused)"></i>refused</span>
            <span><i style="background:var(--unknown)"></i>unknown</span>
            <span><i style="background:var(--fault);opacity:.4"></i>fault</span>
            <span><i style="background:var(--fault);opacity:.15"></i>healed, not all nodes serve yet</span></div>

            """);
        body.Append(RatePlot.Draw(frame, operations));
        body.Append("<h2>Latency by kind of operation</h2><p class=\"note\">Where operations began; darker cells hold ")
            .Append("more of them, by powers of ten. The topmost row: outcome unknown.</p>\n");
        foreach (var kind in operations.GroupBy(o => o.Kind).OrderBy(g => g.Key))
            body.Append(LatencyPlot.Draw(frame, kind.Key.ToString(), [.. kind]));
    }

    private static Table FaultTable(RunResult result, RunSummary summary) => new(
        "Faults", "Times in seconds since the start of the run; the outage is the longest time without an " +
        "acknowledged write of any client.",
        ["fault", "leader", "began", "healed", "all nodes serve", "outage", ""],
        [.. result.Faults.Zip(summary.Outages, (fault, outage) => (IReadOnlyList<Cell>)
        [
            fault.Fault.Name, $"node {fault.Leader}", Seconds(fault.Began), Seconds(fault.Healed),
            Seconds(fault.Served), FormattableString.Invariant($"{outage.Milliseconds:N0} ms"), fault.Note,
        ])]);

    private static Table WorkloadTable(RunSummary summary) => new(
        "Workloads", "Not promised: findings of rules that the target does not claim to keep.",
        ["workload", "operations", "succeeded", "unknown", "anomalies", "lost writes", "not promised"],
        [.. summary.Workloads.Select(workload => (IReadOnlyList<Cell>)
        [
            workload.Name, SummaryTables.Number(workload.Operations), SummaryTables.Number(workload.Succeeded),
            SummaryTables.Share(workload.Unknown, workload.Operations), SummaryTables.Number(workload.Anomalies),
            SummaryTables.Number(workload.Lost), SummaryTables.Number(workload.Unpromised),
        ])]);

    private static void AppendLogs(StringBuilder body, RunResult result)
    {
        body.Append("<h2>What the nodes printed</h2>\n");
        foreach (var log in result.NodeLogs)
        {
            var visit = log.Node > result.Options.Nodes ? ", which came later" : "";
            body.Append($"<details><summary>node {log.Node}{visit}: the last {log.Lines.Count} lines</summary><pre>");
            foreach (var line in log.Lines)
                body.Append(Encode(line)).Append('\n');
            body.Append("</pre></details>\n");
        }
    }

    private static string Seconds(long nanoseconds) => FormattableString.Invariant($"{nanoseconds / 1e9:F2}");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
