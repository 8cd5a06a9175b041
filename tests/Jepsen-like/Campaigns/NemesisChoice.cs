namespace Coord.JepsenLike.Campaigns;

/// <summary>What hurts the cluster during a run: no family of faults, one, or several together.</summary>
/// <param name="Name">The column of the summary.</param>
/// <param name="Families">To draw from; empty where several are drawn anew for each run.</param>
internal sealed record NemesisChoice(string Name, IReadOnlyList<string> Families)
{
    public const string None = "none";

    /// <summary>The column of runs in which families drawn by the seed work together.</summary>
    public const string Combined = "combined";

    /// <summary>"none", "combined", a family, or families joined by a plus sign.</summary>
    public static NemesisChoice Parse(string name) => new(name, name is None or Combined ? [] : name.Split('+'));
}
