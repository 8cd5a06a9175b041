using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Tests.Members;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Replica;

/// <summary>
/// Nodes that applied the same log must have the same state: who has not, stops (design.md section 10).
/// </summary>
public class StateComparisonTests
{
    private const long Index = 1024;
    private const ulong Right = 7;
    private const ulong Wrong = 8;

    private readonly LeadingThree three = new();
    private readonly RecordingLinks links = new();
    private readonly ReplicaMetrics metrics = new();
    private readonly StateComparison leader;

    public StateComparisonTests()
    {
        leader = new StateComparison(three.View, three.Core, metrics, links, NullLogger.Instance);
        three.View.Linked(LeadingThree.Two, isUp: true);
        three.View.Linked(LeadingThree.Three, isUp: true);
    }

    [Fact]
    public void Nodes_with_the_same_state_hear_nothing()
    {
        metrics.Digests.Applied(Index, Right);
        leader.Take(LeadingThree.Two, new StateDigest(Index, Right));
        leader.Take(LeadingThree.Three, new StateDigest(Index, Right));
        leader.EndTurn();

        Assert.Empty(links.Sent);
        Assert.Equal(0, metrics.StatesDiffering.Total);
    }

    [Fact]
    public void A_follower_that_differs_from_all_others_is_told_and_nobody_else_is()
    {
        metrics.Digests.Applied(Index, Right);
        leader.Take(LeadingThree.Two, new StateDigest(Index, Wrong));
        Assert.Empty(links.Sent); // The third may agree with it.
        leader.Take(LeadingThree.Three, new StateDigest(Index, Right));

        Assert.Equal([(2, new StateDigest(Index, Right))], links.Sent);
        Assert.Equal(1, metrics.StatesDiffering.Total);
    }

    [Fact]
    public void A_leader_that_all_others_contradict_stops()
    {
        metrics.Digests.Applied(Index, Wrong);
        leader.Take(LeadingThree.Two, new StateDigest(Index, Right));

        Assert.Throws<InvariantViolatedException>(
            () => leader.Take(LeadingThree.Three, new StateDigest(Index, Right)));
    }

    [Fact]
    public void Nobody_stops_before_a_voter_that_is_down_has_broken_the_tie()
    {
        three.View.Linked(LeadingThree.Three, isUp: false);
        metrics.Digests.Applied(Index, Wrong);
        leader.Take(LeadingThree.Two, new StateDigest(Index, Right));
        Assert.Empty(links.Sent);
        Assert.Equal(1, metrics.StatesDiffering.Total);

        three.View.Linked(LeadingThree.Three, isUp: true);
        Assert.Throws<InvariantViolatedException>(
            () => leader.Take(LeadingThree.Three, new StateDigest(Index, Right)));
    }

    [Fact]
    public void Followers_that_applied_an_entry_before_the_leader_are_judged_when_it_has()
    {
        leader.Take(LeadingThree.Two, new StateDigest(Index, Wrong));
        leader.Take(LeadingThree.Three, new StateDigest(Index, Right));
        leader.EndTurn();
        Assert.Empty(links.Sent);

        metrics.Digests.Applied(Index, Right);
        leader.EndTurn();

        Assert.Equal([(2, new StateDigest(Index, Right))], links.Sent);
    }

    [Fact]
    public void Who_is_no_member_has_no_say()
    {
        metrics.Digests.Applied(Index, Right);
        leader.Take(new NodeId(4), new StateDigest(Index, Wrong));
        leader.Take(new NodeId(5), new StateDigest(Index, Wrong));

        Assert.Empty(links.Sent);
    }

    [Fact]
    public void A_follower_tells_each_leader_what_it_has_and_each_digest_once()
    {
        var view = new ReplicaView(LeadingThree.Two, processStart: 1);
        var follower = new StateComparison(view, three.Core, metrics, links, NullLogger.Instance);
        view.Update(three.Core.Status with { Role = RaftRole.Follower, Leader = LeadingThree.One });
        metrics.Digests.Applied(Index, Right);
        follower.EndTurn();
        follower.EndTurn();
        metrics.Digests.Applied(2 * Index, Right);
        follower.EndTurn();
        Assert.Equal([(1, new StateDigest(Index, Right)), (1, new StateDigest(2 * Index, Right))], links.Sent);

        links.Sent.Clear();
        view.Update(three.Core.Status with { Role = RaftRole.Follower, Leader = LeadingThree.Three });
        follower.Reset();
        follower.EndTurn();

        Assert.Equal([(3, new StateDigest(Index, Right)), (3, new StateDigest(2 * Index, Right))], links.Sent);
    }

    /// <summary>A whole replica, which made something else of its second entry than its leader.</summary>
    [Fact]
    public void A_follower_that_its_leader_contradicts_stops()
    {
        var node = new FollowingReplica([TestMember.Of(1, 11), TestMember.Of(2, 22)], [
            (EntryKind.Empty, []), (EntryKind.Empty, []), (EntryKind.RecoveryPoint, new byte[12])]);
        var digests = node.Digests.Latest;
        Assert.Equal([1, 2, 3], digests.Select(at => at.Index));
        Assert.Equal(
            digests.Select(at => (1, (PeerMessage)new StateDigest(at.Index, at.Digest))),
            node.Links.Sent.Where(sent => sent.Message is StateDigest));

        node.Receive(new StateDigest(2, digests[1].Digest));
        node.Receive(new StateDigest(2000, 1)); // Not kept any more, or not applied yet.
        node.Turn(new FromPeer(new NodeId(3), 1, new StateDigest(2, digests[1].Digest + 1)));
        Assert.Throws<InvariantViolatedException>(
            () => node.Receive(new StateDigest(2, digests[1].Digest + 1)));
    }
}
