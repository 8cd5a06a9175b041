using Coord.Node.Peers;
using Coord.StateMachine;

namespace Coord.Node.Tests.Replica;

/// <summary>raft-design I9: whose requests a leader takes, and when a node's own are never taken.</summary>
public class OriginTests
{
    // A new disk, or a lost count of starts, begins with the wall clock: it may be behind the one of the disk before.
    // Each request would count as a repeat, unanswered, sent again for ever.
    [Fact]
    public void A_node_begins_again_when_the_log_holds_requests_of_a_later_start_of_it()
    {
        var replica = new LoneReplica(processStart: 500);
        replica.Receive(from: 1, NewSession(node: 1, start: 900));
        Assert.Null(replica.Outdone);

        replica.Receive(from: 1, NewSession(node: 1, start: 500));
        Assert.Equal(900, replica.Outdone);
        Assert.Equal(1, replica.Tree.SessionCount);
    }

    [Fact]
    public void A_request_of_an_earlier_start_of_a_node_is_a_repeat_and_no_more()
    {
        var replica = new LoneReplica(processStart: 500);
        replica.Receive(from: 1, NewSession(node: 2, start: 400));
        replica.Receive(from: 1, NewSession(node: 2, start: 300));
        Assert.Null(replica.Outdone);
        Assert.Equal(1, replica.Tree.SessionCount);
    }

    // A node that was removed and does not know it never hears what became of its requests: it would send them for
    // ever, and their sessions would never end.
    [Fact]
    public void A_leader_takes_no_requests_and_no_contacts_from_a_node_that_is_no_member()
    {
        var replica = new LoneReplica(processStart: 1);
        replica.Receive(from: 7, NewSession(node: 7, start: 1));
        Assert.Equal(0, replica.Tree.SessionCount);

        replica.Receive(from: 7, new ContactReport(3, [], Barrier: true));
        Assert.Equal((7, new ContactAnswer(3, default, Accepted: false)), Assert.Single(replica.Links.Sent));
    }

    private static ForwardedEntries NewSession(int node, long start)
    {
        var header = new EntryHeader
        {
            Command = EntryCommand.CreateSession,
            OriginNode = node,
            OriginStart = start,
            OriginSequence = 1,
        };
        return new ForwardedEntries([EntryCodec.Session(header, 4_000, new byte[EntryCodec.PasswordHashLength])]);
    }
}
