using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Networks;

/// <summary>Where the nodes of a run live in the end.</summary>
/// <param name="IsNamespaces">Each in a namespace of its own; otherwise all on loopback.</param>
/// <param name="Reason">Why so.</param>
internal sealed record NetworkChoice(bool IsNamespaces, string Reason)
{
    /// <summary>What the cluster must be started with.</summary>
    public ClusterNeeds Needs => IsNamespaces ? ClusterNeeds.Namespaces : ClusterNeeds.None;

    /// <summary>What faults cannot have, and why.</summary>
    public IReadOnlyDictionary<ClusterNeeds, string> Lacking => IsNamespaces
        ? new Dictionary<ClusterNeeds, string>()
        : new Dictionary<ClusterNeeds, string>
        {
            [ClusterNeeds.Namespaces] = $"nodes need network namespaces, and {Reason}",
        };

    /// <param name="mode">What was asked for.</param>
    /// <param name="launcher">Must know namespaces.</param>
    public static NetworkChoice Of(NetworkMode mode, string launcher)
    {
        if (mode == NetworkMode.Loopback)
            return new NetworkChoice(IsNamespaces: false, "loopback was asked for");

        var whyNot = NamespaceSupport.WhyNot() ?? WhyNot(launcher);
        if (whyNot is not null && mode == NetworkMode.Namespaces)
            throw new UnavailableException($"no network namespaces: {whyNot}");
        return whyNot is null
            ? new NetworkChoice(IsNamespaces: true, "each node has a network namespace and an address of its own")
            : new NetworkChoice(IsNamespaces: false, whyNot);
    }

    private static string? WhyNot(string launcher) =>
        File.ReadAllText(launcher).Contains(NamespaceNetwork.Variable, StringComparison.Ordinal)
            ? null
            : $"{launcher} knows nothing of {NamespaceNetwork.Variable}";
}
