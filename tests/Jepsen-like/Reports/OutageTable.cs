using System.Globalization;
using Coord.JepsenLike.Campaigns;

namespace Coord.JepsenLike.Reports;

/// <summary>For how long each fault kept everybody from writing, targets beside each other.</summary>
internal static class OutageTable
{
    private const string Note =
        "The longest time without an acknowledged write of any client, from the beginning of a fault until all nodes " +
        "serve again: times done, median and worst, in milliseconds. Faults that overlapped are left out.";

    public static Table Of(IReadOnlyList<IGrouping<string, CampaignSummary>> targets)
    {
        var faults = targets.SelectMany(Outages).Select(outage => (outage.Nemesis, outage.Fault)).Distinct()
            .OrderBy(fault => fault.Nemesis, StringComparer.Ordinal)
            .ThenBy(fault => fault.Fault, StringComparer.Ordinal);
        return new Table(
            "Unavailability by fault", Note,
            ["nemesis", "fault", .. targets.SelectMany(target => Heads(target.Key))],
            [.. faults.Select(fault => (IReadOnlyList<Cell>)
            [
                fault.Nemesis, fault.Fault,
                .. targets.SelectMany(target => Figures([.. Outages(target)
                    .Where(outage => outage.Nemesis == fault.Nemesis && outage.Fault == fault.Fault)
                    .Select(outage => outage.Milliseconds).Order()])),
            ])]);
    }

    private static IEnumerable<FaultOutage> Outages(IEnumerable<CampaignSummary> summaries) =>
        summaries.SelectMany(summary => summary.Runs).SelectMany(run => run.Outages).Where(outage => outage.IsAlone);

    private static string[] Heads(string target) => [$"{target}: times", "median", "worst"];

    private static Cell[] Figures(double[] ordered) => ordered.Length == 0
        ? [new("—", "faint"), new("—", "faint"), new("—", "faint")]
        : [SummaryTables.Number(ordered.Length), Text(Median(ordered)), Text(ordered[^1])];

    private static double Median(double[] ordered) =>
        (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;

    private static string Text(double milliseconds) => milliseconds.ToString("N0", CultureInfo.InvariantCulture);
}
