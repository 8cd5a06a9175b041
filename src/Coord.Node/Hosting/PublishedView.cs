using Coord.Node.Admin;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>What the replica last published, as handshakes tell it.</summary>
/// <param name="status">What it published.</param>
/// <param name="atStart">What recovery found, until then.</param>
internal sealed class PublishedView(Func<NodeStatus> status, NodeStatus atStart) : IPeerView
{
    public LogIndex LastIndex => new(Published.LastIndex);

    public Term Term => new(Published.Term);

    public bool IsRecovering => Published.RecoveringBecause is not null;

    public NodeId? KnownLeader => Published.Leader;

    public IReadOnlyList<Member> Members => Membership.Members;

    public LogIndex MembershipIndex => Membership.Index;

    public int FeatureLevel => Published.FeatureLevel;

    private MembershipStatus Membership
    {
        get
        {
            var published = Published.Membership;
            return published.Members.Count > 0 ? published : atStart.Membership;
        }
    }

    private NodeStatus Published => status() is { Role: not NodeRole.Starting } published ? published : atStart;
}
