using Coord.Raft;

namespace Coord.Simulation.Checks;

/// <summary>Majorities, counted here a second time on purpose: the node's own counting is what is checked.</summary>
internal static class Quorums
{
    /// <summary>Whether the nodes for which it holds are a majority of each set of voters.</summary>
    public static bool Has(Membership membership, Func<int, bool> holds) =>
        HasMajority(membership.Voters, holds)
        && (membership.OutgoingVoters.Count == 0 || HasMajority(membership.OutgoingVoters, holds));

    /// <summary>Whether every quorum of the one has a node in common with every quorum of the other.</summary>
    public static bool Overlap(Membership one, Membership other)
    {
        var everybody = Voters(one).Union(Voters(other)).ToArray();
        for (var bits = 0; bits < 1 << everybody.Length; bits++)
        {
            bool IsIn(int node) => (bits & (1 << Array.IndexOf(everybody, node))) != 0;
            if (Has(one, IsIn) && Has(other, node => !IsIn(node)))
                return false;
        }

        return true;
    }

    private static IEnumerable<int> Voters(Membership membership) =>
        membership.Voters.Union(membership.OutgoingVoters).Select(v => v.Value);

    private static bool HasMajority(IReadOnlyList<NodeId> voters, Func<int, bool> holds) =>
        voters.Count(v => holds(v.Value)) > voters.Count / 2;
}
