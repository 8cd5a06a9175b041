using Coord.Node.Members;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// What each kind of entry does to the tree. The entry and the tree decide it, and nothing else may (raft-design C8).
/// </summary>
internal static class TreeEntries
{
    /// <summary>Applies one entry; gives what clients may hear of it, or null where there is nothing.</summary>
    public static ApplyResult? Apply(ZnodeTree tree, in Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Command:
                return tree.Apply(entry.Index.Value, entry.Payload.Span);
            case EntryKind.Membership:
                return ApplyMembership(tree, entry);
            case EntryKind.FeatureLevel:
                Invariant.Require(
                    FeatureLevelCodec.TryDecode(entry.Payload.Span, out var level),
                    "A feature level can be read (raft-design I7).");
                tree.ApplyFeatureLevel(entry.Index.Value, level);
                return null;
            default:
                tree.ApplyEmpty(entry.Index.Value);
                return null;
        }
    }

    // Joint memberships are not shown: clients see the change when it is complete (design.md section 10).
    private static ApplyResult ApplyMembership(ZnodeTree tree, in Entry entry)
    {
        Invariant.Require(
            Membership.TryDecode(entry.Payload, entry.Index, out var membership),
            "A membership entry can be read (raft-design I7).");
        Invariant.Require(
            MemberDirectory.TryDecode(membership.Directory, out var directory), "A membership says where members are.");
        var config = membership.IsJoint ? [] : ConfigText.Of(membership, directory, entry.Index.Value);
        return tree.ApplyMembership(entry.Index.Value, entry.Payload.Span, config);
    }
}
