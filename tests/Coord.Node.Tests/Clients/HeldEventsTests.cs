using Coord.Node.Tests.Replica;
using static Coord.Node.Tests.Replica.ReplicaClient;

namespace Coord.Node.Tests.Clients;

/// <summary>Events beyond those that a turn writes: they come later, but never late (zookeeper-protocol 6.4).</summary>
public class HeldEventsTests
{
    // Danger: what is held back is overtaken by the reply that shows the change.
    [Fact]
    public void An_event_that_was_held_back_comes_before_the_next_reply()
    {
        var replica = new LoneReplica(processStart: 1, new NodeLimits { EventSendsUnderWayMax = 1 });
        var writer = new ReplicaClient(replica);
        writer.Ask(Create(1, "/a"));
        var others = Enumerable.Range(0, 30).Select(_ => new ReplicaClient(replica)).ToList();
        foreach (var other in others)
            other.Ask(AddWatch(1, "/", mode: 1));
        writer.Ask(AddWatch(2, "/", mode: 1));

        // Thirty ask before it, and ten turns tell ten: the writer's events come with its own replies all the same.
        Assert.Equal(
            ["event 3 /a", "3 0", "4 0", "event 3 /a", "5 0"], writer.Ask(Set(3, "/a"), Get(4, "/a"), Set(5, "/a")));
        Assert.Equal(["event 3 /a", "event 3 /a", "2 0"], others[^1].Ask(Get(2, "/a")));
    }

    [Fact]
    public void All_are_told_over_some_turns_and_each_in_the_order_of_changes()
    {
        var replica = new LoneReplica(processStart: 1, new NodeLimits { EventSendsUnderWayMax = 3 });
        var writer = new ReplicaClient(replica);
        var watchers = Enumerable.Range(0, 40).Select(_ => new ReplicaClient(replica)).ToList();
        foreach (var watcher in watchers)
            watcher.Ask(AddWatch(1, "/", mode: 1));

        writer.Ask(Create(1, "/a"), Set(2, "/a"), Create(3, "/a/b"));
        var received = watchers.ConvertAll(watcher => watcher.Received());
        Assert.Contains(received, lines => lines.Count == 3);
        Assert.Contains(received, lines => lines.Count == 0);

        for (var more = 0; more < 10; more++)
        {
            writer.Ask(Get(4, "/"));
            for (var number = 0; number < watchers.Count; number++)
                received[number].AddRange(watchers[number].Received());
        }

        Assert.All(received, lines => Assert.Equal(["event 1 /a", "event 3 /a", "event 1 /a/b"], lines));
    }

    // Danger: a cache that follows a busy subtree is told slower than it changes, and closed in the end, though it
    // reads.
    [Fact]
    public void Many_events_of_one_connection_are_one_send_and_wait_for_none()
    {
        var replica = new LoneReplica(processStart: 1, new NodeLimits { EventSendsUnderWayMax = 2 });
        var writer = new ReplicaClient(replica);
        var cache = new ReplicaClient(replica);
        cache.Ask(AddWatch(1, "/", mode: 1));
        writer.Ask(Create(1, "/a"));
        Assert.Equal(["event 1 /a"], cache.Received());

        writer.Send([.. Enumerable.Range(2, 100).Select(xid => Set(xid, "/a"))]);
        Assert.Equal(Enumerable.Repeat("event 3 /a", 100), cache.Received());
    }

    [Fact]
    public void A_connection_that_ends_is_told_nothing_of_what_was_held_back()
    {
        var replica = new LoneReplica(processStart: 1, new NodeLimits { EventSendsUnderWayMax = 1 });
        var writer = new ReplicaClient(replica);
        var watchers = Enumerable.Range(0, 30).Select(_ => new ReplicaClient(replica)).ToList();
        foreach (var watcher in watchers)
            watcher.Ask(AddWatch(1, "/", mode: 1));
        writer.Ask(Create(1, "/a"));
        watchers[^1].Disconnect();
        writer.Ask(Get(2, "/"));
        writer.Ask(Get(3, "/"));
        Assert.Empty(watchers[^1].Received());
        Assert.Equal(["event 1 /a"], watchers[^2].Ask(Get(2, "/")).Take(1));
    }

    [Fact]
    public void What_is_held_back_counts_against_the_outbound_limit()
    {
        var limits = new NodeLimits { EventSendsUnderWayMax = 1, ClientOutboundBytesMax = 100 };
        var replica = new LoneReplica(processStart: 1, limits);
        var writer = new ReplicaClient(replica);
        var watchers = Enumerable.Range(0, 30).Select(_ => new ReplicaClient(replica)).ToList();
        foreach (var watcher in watchers)
            watcher.Ask(AddWatch(1, "/", mode: 1));

        // Three events are over it: who is not told of all is not left open, deaf.
        writer.Ask(Create(1, "/a"), Set(2, "/a"), Set(3, "/a"), Set(4, "/a"), Set(5, "/a"));
        Assert.True(watchers[^1].IsClosed);
        Assert.False(writer.IsClosed);
    }
}
