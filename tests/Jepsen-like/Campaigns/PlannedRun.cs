namespace Coord.JepsenLike.Campaigns;

/// <summary>A run that a campaign is going to make.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Workloads">Beside each other.</param>
/// <param name="Nemesis">Which column of the summary it belongs to.</param>
/// <param name="Families">What its faults are drawn from.</param>
/// <param name="Seed">Of everything else in it.</param>
internal sealed record PlannedRun(
    int Number, IReadOnlyList<string> Workloads, string Nemesis, IReadOnlyList<string> Families, int Seed);
