using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Replica;

/// <summary>Node 2 is told by its log who was let in and taken out (design.md section 10).</summary>
public class RemovedNodeTests
{
    private static readonly Member[] Founders = [TestMember.Of(1, 11)];
    private static readonly Member[] Both = [TestMember.Of(1, 11), TestMember.Of(2, 22)];

    [Fact]
    public void A_node_that_was_taken_out_must_not_start_again_on_its_data()
    {
        var marks = MarksOf(Both, Founders);
        Assert.Null(marks[0]);
        Assert.Contains("removed from the cluster by entry 2", marks[1], StringComparison.Ordinal);
        Assert.Equal(2, marks.Count);
    }

    /// <summary>
    /// It is told the past again at each start without a snapshot: were its end between the second and the third, a
    /// note that it must not start would keep a member away.
    /// </summary>
    [Fact]
    public void A_node_whose_own_log_lets_it_in_again_notes_no_removal() =>
        Assert.All(MarksOf(Both, Founders, Both), Assert.Null);

    /// <summary>
    /// Let in, taken out and let in again before it heard of anything, it is told of all three: were its end between
    /// the second and the third, a note that it must not start would keep a member away.
    /// </summary>
    [Fact]
    public void A_node_that_recovers_notes_its_removal_when_it_knows_how_far_the_past_goes()
    {
        var node = Told("let in with an empty directory", [Both, Founders]);
        Assert.All(node.Marks, Assert.Null);

        Recover(node, new LogIndex(3));

        Assert.Contains("removed from the cluster by entry 2", node.Marks[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_recovered_as_a_member_may_start_again()
    {
        var node = Told("let in with an empty directory", [Both, Founders, Both]);

        Recover(node, new LogIndex(4));

        Assert.All(node.Marks, Assert.Null);
    }

    private static List<string?> MarksOf(params Member[][] memberships) => Told(null, memberships).Marks;

    private static FollowingReplica Told(string? recoveringBecause, Member[][] memberships) => new(
        Founders,
        [.. memberships.Select(members => (EntryKind.Membership, MembershipOf(members).Encode()))],
        recoveringBecause);

    // The leader makes a recovery point, and it is committed and durable.
    private static void Recover(FollowingReplica node, LogIndex index)
    {
        var term = new Term(1);
        byte[] nodeAndStart = [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        var point = new Entry(term, index, EntryKind.RecoveryPoint, nodeAndStart);
        node.Receive(new RaftPeerMessage(new AppendRequest(
            term, new LogIndex(index.Value - 1), term, index, BarrierRound: 0, [point])));
        while (!node.HasClearedRecovering)
            node.Turn(new LogPersisted(node.LastAppend));

        node.Turn(new RecoveryCleared());
    }

    private static Membership MembershipOf(Member[] members) => new()
    {
        Voters = [new NodeId(1)],
        Learners = [.. members.Skip(1).Select(member => member.Id)],
        Directory = new MemberDirectory(members).Encode(),
    };
}
