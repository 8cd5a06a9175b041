using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Members;

/// <summary>What every founding node begins with: the membership and the state at index 0 (raft-design M14).</summary>
internal static class Founding
{
    /// <summary>The membership of the genesis.</summary>
    public static Membership MembershipOf(IReadOnlyList<Member> founders) => new()
    {
        Voters = [.. founders.Select(founder => founder.Id)],
        Directory = new MemberDirectory(founders).Encode(),
    };

    /// <summary>The tree before the first entry. A cluster of one shows no configuration, as ZooKeeper alone.</summary>
    public static ZnodeTree TreeOf(IReadOnlyList<Member> founders, ulong indexSeed)
    {
        var tree = new ZnodeTree(indexSeed);
        var membership = MembershipOf(founders);
        var config = founders.Count > 1 ? ConfigText.Of(membership, new MemberDirectory(founders), version: 0) : [];
        tree.SetGenesis(membership.Encode(), config);
        return tree;
    }
}
