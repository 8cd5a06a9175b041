using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Targets;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Campaigns;

/// <summary>What a campaign does.</summary>
internal sealed record CampaignOptions
{
    /// <summary>In place of names: everything there is.</summary>
    public const string All = "all";

    public const int DefaultNodes = 3;

    public required TimeSpan Duration { get; init; }

    public required int Seed { get; init; }

    public Target Target { get; init; } = Target.Coord;

    public int Nodes { get; init; } = DefaultNodes;

    public IReadOnlyList<string> Workloads { get; init; } = WorkloadsOf(Target.Coord);

    public IReadOnlyList<NemesisChoice> Nemeses { get; init; } = NemesesOf(Target.Coord, DefaultNodes);

    /// <summary>
    /// Every pair of the two must be run, or the campaign has failed. Without it a campaign is a selection that the
    /// seed draws, as large as its time allows.
    /// </summary>
    public bool MustRunAllPairs { get; init; }

    /// <summary>Workloads beside each other on one cluster.</summary>
    public int Together { get; init; } = 4;

    /// <summary>Of one run, without start and check; null: as the time of the campaign divides.</summary>
    public TimeSpan? RunDuration { get; init; }

    /// <summary>Operations per second of all clients of a cluster, at most.</summary>
    public int Rate { get; init; } = 4_000;

    /// <summary>Where the reports go; null: a folder of its own under artifacts.</summary>
    public string? Folder { get; init; }

    public Rotation Rotation() => new(Workloads, Nemeses, FamiliesOf(Target, Nodes), Together, Seed);

    /// <summary>The workloads that a target can be asked for.</summary>
    public static IReadOnlyList<string> WorkloadsOf(Target target) =>
        [.. WorkloadCatalog.All.Where(target.Takes).Select(kind => kind.Name)];

    /// <summary>None, every family that so many nodes of a target can be hurt with, and several together.</summary>
    public static IReadOnlyList<NemesisChoice> NemesesOf(Target target, int nodes)
    {
        var families = FamiliesOf(target, nodes);
        var names = families.Prepend(NemesisChoice.None);
        return [.. (families.Count > 1 ? names.Append(NemesisChoice.Combined) : names).Select(NemesisChoice.Parse)];
    }

    private static IReadOnlyList<string> FamiliesOf(Target target, int nodes) =>
    [
        .. FaultCatalog.All.Where(target.Takes).Where(fault => fault.NodesMin <= nodes)
            .Select(fault => fault.Nemesis).Distinct(),
    ];
}
