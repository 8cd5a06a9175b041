using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// Raises the cluster's feature level to the one that this leader's settings want, once every member, learners too, has
/// reported that it understands it (raft-design I6). What a process said counts while it is linked: its successor
/// may be another build. Never lowered.
/// </summary>
internal sealed class FeatureLevelDuty(ReplicaView view, int wanted)
{
    private readonly Dictionary<NodeId, int> reported = [];

    /// <summary>A peer's handshake said up to which level it goes.</summary>
    public void Linked(NodeId peer, int levelMax) => reported[peer] = levelMax;

    /// <summary>The leader asks until the engine has taken it: it does so as soon as it may.</summary>
    public void Tick(RaftCore core)
    {
        if (!view.IsLeader || core.FeatureLevel >= wanted)
            return;
        var common = wanted;
        var membership = core.Membership;
        foreach (var member in membership.Voters.Concat(membership.OutgoingVoters).Concat(membership.Learners)
            .Concat(membership.LearnersNext))
        {
            if (member == view.Self)
                continue;
            if (!view.IsLinked(member) || !reported.TryGetValue(member, out var level))
                return;
            common = Math.Min(common, level);
        }

        if (common > core.FeatureLevel)
            core.Step(new ProposeFeatureLevel(common));
    }
}
