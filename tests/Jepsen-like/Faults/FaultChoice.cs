namespace Coord.JepsenLike.Faults;

/// <summary>What of the chosen families can be done here.</summary>
/// <param name="Faults">To draw from.</param>
/// <param name="Notes">A line for each family that cannot be done, with the reason.</param>
internal sealed record FaultChoice(IReadOnlyList<Fault> Faults, IReadOnlyList<string> Notes)
{
    /// <summary>What the cluster must be started with.</summary>
    public ClusterNeeds Needs => Faults.Aggregate(ClusterNeeds.None, (all, fault) => all | fault.Needs);

    /// <summary>Families of which nothing can be done are left out; that none is left is an error.</summary>
    /// <param name="nemeses">Families, each of which has faults.</param>
    /// <param name="nodes">Of the cluster.</param>
    /// <param name="lacking">What cannot be had here, each with the reason.</param>
    public static FaultChoice Of(
        IReadOnlyCollection<string> nemeses, int nodes, IReadOnlyDictionary<ClusterNeeds, string> lacking)
    {
        var possible = FaultCatalog.Of(nemeses).Where(fault => WhyNot(fault, nodes, lacking) is null).ToArray();
        var notes = nemeses.Where(nemesis => !possible.Any(fault => fault.Nemesis == nemesis))
            .Select(nemesis => $"{nemesis} cannot be done: {WhyNot(nemesis, nodes, lacking)}").ToArray();
        return nemeses.Count == 0 || possible.Length > 0
            ? new FaultChoice(possible, notes)
            : throw new UnavailableException(string.Join('\n', notes));
    }

    private static string? WhyNot(string nemesis, int nodes, IReadOnlyDictionary<ClusterNeeds, string> lacking) =>
        FaultCatalog.Of([nemesis]).Select(fault => WhyNot(fault, nodes, lacking)).FirstOrDefault();

    /// <summary>Null when nothing is in its way.</summary>
    private static string? WhyNot(Fault fault, int nodes, IReadOnlyDictionary<ClusterNeeds, string> lacking) =>
        nodes < fault.NodesMin
            ? $"it takes {fault.NodesMin} nodes"
            : lacking.Where(need => fault.Needs.HasFlag(need.Key)).Select(need => need.Value).FirstOrDefault();
}
