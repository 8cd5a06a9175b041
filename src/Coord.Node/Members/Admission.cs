using Coord.Raft;

namespace Coord.Node.Members;

/// <summary>Whether nodes can be members side by side (raft-design M8): as many, and where nobody else is.</summary>
internal static class Admission
{
    /// <summary>Why not, or null.</summary>
    /// <param name="directory">The members so far.</param>
    /// <param name="joining">Who is to be let in, or moves to another address.</param>
    /// <param name="leaving">Who goes in the same change.</param>
    public static string? WhyNot(
        MemberDirectory directory, IReadOnlyList<Member> joining, IReadOnlyList<NodeId> leaving)
    {
        var stay = directory.Members.Where(node => !leaving.Contains(node.Id) && !joining.Any(j => j.Id == node.Id));
        var all = stay.Concat(joining).ToList();
        if (all.Count > NodeLimits.Default.ClusterNodesMax)
            return $"a cluster has at most {NodeLimits.Default.ClusterNodesMax} nodes";

        var same = all.GroupBy(node => node.Peer).FirstOrDefault(nodes => nodes.Count() > 1)?.Take(2).ToList();
        return same is null
            ? null
            : $"node {same[0].Id.Value} and node {same[1].Id.Value} cannot both have the peer address {same[0].Peer}";
    }
}
