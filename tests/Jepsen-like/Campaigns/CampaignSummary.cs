using System.Text.Json;

namespace Coord.JepsenLike.Campaigns;

/// <summary>All runs of a campaign in figures: what is left of it when its histories are gone.</summary>
internal sealed record CampaignSummary(
    string Target, int Seed, int Nodes, DateTimeOffset Began, IReadOnlyList<string> Workloads,
    IReadOnlyList<string> Nemeses, bool MustRunAllPairs, IReadOnlyList<RunSummary> Runs)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public int Anomalies => Runs.Sum(run => run.Anomalies);

    /// <summary>Pairs that no run that counts has had, with at least one success of the workload.</summary>
    public IReadOnlyList<(string Workload, string Nemesis)> MissingPairs()
    {
        var seen = Runs.Where(run => run.Counts).SelectMany(run => run.Workloads
            .Where(workload => workload.Succeeded > 0).Select(workload => (workload.Name, run.Nemesis))).ToHashSet();
        return [.. from workload in Workloads from nemesis in Nemeses
            where !seen.Contains((workload, nemesis)) select (workload, nemesis)];
    }

    /// <summary>The last line of a campaign.</summary>
    public string Figures() =>
        $"runs={Runs.Count(run => run.Counts)} anomalies={Anomalies} lost={Runs.Sum(run => run.Lost)} " +
        $"unknown={Runs.Sum(run => run.Unknown)} operations={Runs.Sum(run => run.Operations)} " +
        $"faults={Runs.Sum(run => run.Outages.Count)}";

    /// <summary>0, or 1: an anomaly, a run that could not begin, no run that counts, a pair that had to be run.
    /// </summary>
    public int ExitStatus() =>
        Anomalies > 0 || Runs.All(run => !run.Counts) || Runs.Any(run => run.Verdict == RunSummaries.Broken) ||
        (MustRunAllPairs && MissingPairs().Count > 0) ? 1 : 0;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Format));

    /// <summary>Throws a <see cref="JsonException"/> when the file holds something else.</summary>
    public static CampaignSummary Read(string path) =>
        JsonSerializer.Deserialize<CampaignSummary>(File.ReadAllText(path), Format)
        ?? throw new JsonException($"{path} holds no summary");
}
