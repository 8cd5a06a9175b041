using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Replica;

/// <summary>raft-design M9: which learner is to vote next.</summary>
public class LearnerPromotionTests
{
    private const int ElectionTicks = 50;

    private static readonly PeerStatus Four = new(
        new NodeId(4), PeerState.Replicate, new LogIndex(9), new LogIndex(10), 0, 0, TicksSinceHeard: 1,
        IsLearner: true, IsLinked: true, IsRecovering: false);

    private static readonly PeerStatus Five = Four with { Id = new NodeId(5) };

    private readonly LearnerPromotion promotion = new(patienceMs: 1_000, ElectionTicks);
    private readonly MemberDirectory directory = new([TestMember.Of(4, 104), TestMember.Of(5, 105)]);

    [Fact]
    public void The_first_that_has_everything_is_chosen()
    {
        Assert.Equal(Four.Id, Choose(Four, Five));
        Assert.Equal(Five.Id, Choose(Four with { Match = new LogIndex(8) }, Five));
    }

    /// <summary>Its link stays up, and nothing new has to be replicated: the engine would refuse it for ever.</summary>
    [Fact]
    public void A_learner_that_froze_keeps_no_other_from_voting()
    {
        Assert.Equal(Five.Id, Choose(Four with { TicksSinceHeard = ElectionTicks }, Five));
        Assert.Equal(Five.Id, Choose(Four with { State = PeerState.Probe }, Five));
    }

    private NodeId? Choose(params PeerStatus[] peers) => promotion.Choose(
        new RaftStatus(
            new NodeId(1), RaftRole.Leader, new Term(1), new NodeId(1), Commit: new LogIndex(9), default, default,
            default, default, TransferringTo: null, Membership.None, IsRecovering: false, [], false, peers),
        directory,
        nowMs: 0);
}
