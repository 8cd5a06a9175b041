using Coord.Node.Tests.Replica;
using static Coord.Node.Tests.Replica.ReplicaClient;

namespace Coord.Node.Tests.Clients;

/// <summary>What one connection may watch, and how many watches a turn of the loop takes on.</summary>
public class WatchLimitTests
{
    private const int Paths = 25_000; // Twelve turns' worth.

    [Fact]
    public void A_connection_may_have_so_many_watches_and_no_more()
    {
        var ann = new ReplicaClient(Limited(new NodeLimits { ClientWatchesMax = 4 }));
        Assert.Equal(
            ["1 0 00000000", "2 -101", "3 0"],
            ann.Ask(AddWatch(1, "/a", mode: 0), Exists(2, "/b", watch: true), Get(3, "/", watch: true)));

        // One more in each way; a read is refused as a whole, and one that asks for no watch is not concerned.
        Assert.Equal(
            ["4 -5", "5 -5", "6 -5", "7 -5", "8 -101", "9 -5"],
            ann.Ask(
                Exists(4, "/c", watch: true), Children(5, "/", watch: true), Get(6, "/zookeeper", watch: true),
                AddWatch(7, "/c", mode: 1), Exists(8, "/c"), AddWatch(9, "/b", mode: 0)));

        // What it has it may ask for again; what is used up or removed makes room.
        Assert.Equal(
            ["1 -101", "2 0", "3 0"],
            ann.Ask(Exists(1, "/b", watch: true), RemoveWatches(2, "/b", 2), Children(3, "/", watch: true))
                .Select(line => line.Length > 6 ? line[..3] : line));
    }

    [Fact]
    public void A_connection_may_watch_paths_of_so_many_bytes_and_no_more()
    {
        var ann = new ReplicaClient(Limited(new NodeLimits { ClientWatchPathBytesMax = 100 }));
        var path = "/" + new string('x', 49);
        Assert.Equal(
            ["1 0 00000000", "2 -5", "3 -5"],
            ann.Ask(AddWatch(1, path, mode: 0), AddWatch(2, "/", mode: 1), Get(3, "/", watch: true)));
        Assert.Equal(["4 0", "5 0"], ann.Ask(RemoveWatches(4, path, 3), Get(5, "/", watch: true)));
    }

    [Fact]
    public void All_connections_may_have_so_many_watches_together_and_no_more()
    {
        var limited = Limited(new NodeLimits { WatchesMax = 3 });
        var ann = new ReplicaClient(limited);
        var bob = new ReplicaClient(limited);
        Assert.Equal(["1 0 00000000", "2 -101"], ann.Ask(AddWatch(1, "/a", mode: 0), Exists(2, "/b", watch: true)));
        Assert.Equal(["1 -5", "2 -101"], bob.Ask(Exists(1, "/c", watch: true), Exists(2, "/c")));

        // What it has it may ask for again, and what the other has no more makes room.
        Assert.Equal(["3 -101"], ann.Ask(Exists(3, "/b", watch: true)));
        ann.Disconnect();
        Assert.Equal(["3 -101"], bob.Ask(Exists(3, "/c", watch: true)));
    }

    // Clients do not look at the reply to setWatches: one that is refused has to notice in another way.
    [Fact]
    public void SetWatches_over_the_limit_is_refused_and_ends_the_connection()
    {
        var limited = Limited(new NodeLimits { ClientWatchesMax = 2 });
        var ann = new ReplicaClient(limited);
        Assert.Equal(["-8 0"], ann.Ask(SetWatches(0, [], ["/a", "/b"], [])));
        Assert.False(ann.IsClosed);

        var bob = new ReplicaClient(limited);
        Assert.Equal(["-8 -5"], bob.Ask(SetWatches(0, [], ["/a", "/b", "/c"], [])));
        Assert.True(bob.IsClosed);
        Assert.Equal(["event 1 /a"], ann.Ask(Create(1, "/a")).Take(1));
    }

    // Danger: one client that comes back with all its watches holds up everybody else.
    [Fact]
    public void A_long_setWatches_takes_turns_with_other_clients()
    {
        var replica = new LoneReplica(processStart: 1);
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.Send(SetWatches(0, [], [.. Enumerable.Range(0, Paths).Select(i => $"/{i}")], ["/gone"]), Create(1, "/0"));
        Assert.Empty(ann.Received());
        Assert.Equal(["1 0", "2 -101"], bob.Ask(Get(1, "/"), Exists(2, "/0")));

        // Its own write waited for it, and finds all watches set: the event is no replay.
        Assert.Equal(["event 2 /gone -1", "-8 0", "event 1 /0"], ann.Received().Take(3));
        Assert.Equal(["3 0"], bob.Ask(Get(3, "/0")));
    }

    // Danger: clients that come back queue behind the one with the most watches.
    [Fact]
    public void A_short_setWatches_does_not_wait_for_a_long_one()
    {
        var replica = new LoneReplica(processStart: 1);
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.Send(SetWatches(0, [], [.. Enumerable.Range(0, 2 * Paths).Select(i => $"/{i}")], []));
        Assert.Equal(["-8 0"], bob.Ask(SetWatches(0, [], ["/a", "/b"], [])));
        Assert.Empty(ann.Received());
    }

    // Danger: forgetting the watches of a client that is gone takes as long as it had set many; meanwhile it is told.
    [Fact]
    public void A_client_that_is_gone_is_told_nothing_while_its_watches_are_forgotten()
    {
        var replica = new LoneReplica(processStart: 1);
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.Send(SetWatches(0, [], [.. Enumerable.Range(0, Paths).Select(i => $"/{i}")], []));
        ann.Send(Get(1, "/"));
        Assert.Equal(["-8 0", "1 0"], ann.Received());
        ann.Disconnect();
        Assert.True(ann.IsClosed);
        bob.Ask(Create(1, $"/{Paths - 1}"), Create(2, "/0"));
        Assert.Empty(ann.Received());
    }

    private static LoneReplica Limited(NodeLimits limits) => new(processStart: 1, limits);
}
