using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>The membership in force where a tree stands, as snapshots hold it (raft-design S1, M4).</summary>
internal static class TreeMembership
{
    /// <summary>What the last membership entry applied says; the genesis before any.</summary>
    public static Membership Of(ZnodeTree tree)
    {
        Invariant.Require(
            Membership.TryDecode(tree.MembershipPayload, new LogIndex(tree.MembershipIndex), out var membership),
            "The tree keeps only memberships that the engine encoded.");
        return membership;
    }
}
