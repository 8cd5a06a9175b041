using Coord.Node.Admin;
using Coord.Node.Replica;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Replica;

/// <summary>raft-design M14, M15: who waits to be let in.</summary>
public class WaitingNodesTests
{
    // Its introduction is still fresh. Replaced by itself it would apply its removal, note that it must never start on
    // this directory again, and be a member with it all the same.
    [Fact]
    public void A_node_that_was_just_let_in_does_not_wait_any_more()
    {
        var replica = new LoneReplica(processStart: 1);
        replica.Take(new NodeIntroduced(TestMember.Of(2, incarnation: 22)));
        Assert.Equal(AdminOutcome.Done, Obey(replica, answer => new AddOrder(new NodeId(2), answer)).Outcome);

        var refusal = Obey(replica, answer => new ReplaceOrder(new NodeId(2), Force: false, answer));
        Assert.Equal(AdminOutcome.Refused, refusal.Outcome);
        Assert.Contains("does not wait to be let in", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_with_a_new_directory_takes_the_place_of_what_it_was()
    {
        var replica = new LoneReplica(processStart: 1);
        replica.Take(new NodeIntroduced(TestMember.Of(2, incarnation: 22)));
        Obey(replica, answer => new AddOrder(new NodeId(2), answer));
        replica.Take(new NodeIntroduced(TestMember.Of(2, incarnation: 23)));

        var replaced = Obey(replica, answer => new ReplaceOrder(new NodeId(2), Force: false, answer));
        Assert.Equal(AdminOutcome.Done, replaced.Outcome);
    }

    private static AdminAnswer Obey(LoneReplica replica, Func<TaskCompletionSource<AdminAnswer>, AdminOrder> order)
    {
        var answer = new TaskCompletionSource<AdminAnswer>();
        replica.Take(order(answer));
        Assert.True(answer.Task.IsCompletedSuccessfully);
        return answer.Task.GetAwaiter().GetResult();
    }
}
