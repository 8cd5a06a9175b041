using Coord.Node.Tests.Replica;
using static Coord.Node.Tests.Replica.ReplicaClient;

namespace Coord.Node.Tests.Clients;

/// <summary>What one client asks for takes neither the loop from the others nor the node's memory.</summary>
public class AnswerTurnsTests
{
    [Fact]
    public void Many_requests_are_answered_over_some_turns_in_order_and_others_between_them()
    {
        var replica = new LoneReplica(processStart: 1, new NodeLimits { ClientStepBytesMax = 500 });
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        byte[][] requests = [.. Enumerable.Range(1, 20).Select(xid => Get(xid, "/"))];
        ann.SendForOneTurn(requests);
        var first = ann.Received();
        Assert.InRange(first.Count, 1, 5);

        bob.SendForOneTurn(Get(1, "/"));
        Assert.Equal(["1 0"], bob.Received());
        Assert.InRange(ann.Received().Count, 1, 5);
        ann.Send();
        Assert.Equal("20 0", ann.Received()[^1]);
    }

    [Fact]
    public void All_together_are_answered_so_much_in_a_turn_and_nobody_is_forgotten()
    {
        var replica = new LoneReplica(processStart: 1, new NodeLimits { TurnAnswerBytesMax = 500 });
        var clients = Enumerable.Range(0, 10).Select(_ => new ReplicaClient(replica)).ToList();
        foreach (var client in clients)
            client.SendForOneTurn([.. Enumerable.Range(1, 10).Select(xid => Get(xid, "/"))]);
        for (var more = 0; more < 5; more++)
            clients[0].Send();
        Assert.All(clients, client => Assert.Equal(
            Enumerable.Range(1, 10).Select(xid => $"{xid} 0"), client.Received()));
    }

    // Before, whoever asked for more than this at once was closed, though he read it all.
    [Fact]
    public void A_client_that_reads_may_ask_at_once_for_more_than_its_outbound_limit()
    {
        var replica = new LoneReplica(processStart: 1, new NodeLimits { ClientOutboundBytesMax = 200 });
        var ann = new ReplicaClient(replica);
        Assert.Equal(50, ann.Ask([.. Enumerable.Range(1, 50).Select(xid => Get(xid, "/"))]).Count);
        Assert.False(ann.IsClosed);
    }

    [Fact]
    public void A_client_that_does_not_read_is_answered_when_it_does_and_in_order()
    {
        var replica = new LoneReplica(processStart: 1);
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.StopReading();
        Assert.Equal(["1 0"], ann.Ask(Get(1, "/")));
        Assert.Empty(ann.Ask(Get(2, "/"), Create(3, "/a"), Get(4, "/a")));
        Assert.Empty(ann.Ask(Set(5, "/a"), Exists(6, "/b")));
        Assert.Equal(["1 0"], bob.Ask(Get(1, "/a")));

        ann.ReadOn();
        Assert.Equal(
            ["2 0", "3 0", "4 0", "5 0", "6 -101"],
            ann.Received().Select(line => string.Join(' ', line.Split(' ').Take(2))));
    }

    [Fact]
    public void What_happened_while_it_did_not_read_comes_ahead_of_its_replies()
    {
        var replica = new LoneReplica(processStart: 1);
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.Ask(AddWatch(1, "/", mode: 1));
        ann.StopReading();
        ann.Ask(Get(2, "/"));
        bob.Ask(Create(1, "/a"), Set(2, "/a"));
        Assert.Empty(ann.Ask(Get(3, "/a")));

        ann.ReadOn();
        Assert.Equal(["event 1 /a", "event 3 /a", "3 0"], ann.Received());
    }

    [Fact]
    public void A_client_that_does_not_read_for_too_long_is_closed()
    {
        var replica = new LoneReplica(
            processStart: 1, new NodeLimits { ClientUnreadTimeout = TimeSpan.FromMilliseconds(150) });
        var ann = new ReplicaClient(replica);
        ann.StopReading();
        ann.Ask(Get(1, "/"));
        ann.ReadOn();
        ann.StopReading();
        ann.Ask(Get(2, "/"));
        Assert.False(ann.IsClosed); // Each time for itself.
        ann.Ask(Get(3, "/"));
        Assert.True(ann.IsClosed && ann.IsAborted);
    }

    [Fact]
    public void Many_events_that_wait_go_in_shares_and_the_reply_behind_them()
    {
        var limits = new NodeLimits { EventsUnderWayMax = 4, EventsAheadOfReplyMax = 10 };
        var replica = new LoneReplica(processStart: 1, limits);
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        bob.Ask(Create(1, "/a"));
        ann.Ask(AddWatch(1, "/", mode: 1));
        bob.Send([.. Enumerable.Range(0, 100).Select(xid => Set(xid, "/a"))]);
        ann.SendForOneTurn(Get(2, "/a"));
        var first = ann.Received();
        Assert.InRange(first.Count, 1, 50);
        Assert.DoesNotContain("2 0", first);

        for (var more = 0; more < 10; more++)
            bob.Ask(Get(1, "/"));
        var rest = ann.Received();
        Assert.Equal(100, first.Count + rest.Count - 1);
        Assert.Equal("2 0", rest[^1]);
    }
}
