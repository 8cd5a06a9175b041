using Coord.Node.Tests.Replica;
using static Coord.Node.Tests.Replica.ReplicaClient;

namespace Coord.Node.Tests.Clients;

/// <summary>
/// Watches as a connection sees them: what is answered, in which order against events, and what is too much
/// (zookeeper-protocol 6.2 to 6.7).
/// </summary>
public class WatchRequestTests
{
    private readonly LoneReplica replica = new(processStart: 1);

    [Fact]
    public void AddWatch_answers_with_its_error_once_more_as_four_bytes()
    {
        var ann = new ReplicaClient(replica);
        Assert.Equal(["1 0 00000000"], ann.Ask(AddWatch(1, "/a", mode: 0)));
        Assert.Equal(["2 0 00000000"], ann.Ask(AddWatch(2, "/a", mode: 1)));
        foreach (var mode in new[] { 2, -1 })
            Assert.Equal(["3 -5"], ann.Ask(AddWatch(3, "/a", mode)));
    }

    [Fact]
    public void Persistent_and_recursive_watches_tell_of_every_change()
    {
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.Ask(AddWatch(1, "/a", mode: 0), AddWatch(2, "/", mode: 1));
        bob.Ask(Create(1, "/a"), Set(2, "/a"), Create(3, "/a/b"), Set(4, "/a/b"));
        Assert.Equal(
            ["event 1 /a", "event 3 /a", "event 1 /a/b", "event 4 /a", "event 3 /a/b"], ann.Received());
    }

    [Fact]
    public void Watches_are_checked_and_removed_by_type_without_an_event()
    {
        var ann = new ReplicaClient(replica);
        ann.Ask(Create(1, "/a"), Get(2, "/a", watch: true), AddWatch(3, "/a", mode: 1));
        Assert.Equal(
            ["4 0", "5 -121", "6 -121", "7 0", "8 0"],
            ann.Ask(
                CheckWatches(4, "/a", 2), CheckWatches(5, "/a", 1), CheckWatches(6, "/a", 4), CheckWatches(7, "/a", 5),
                CheckWatches(8, "/a", 3)));
        Assert.Equal(
            ["1 0", "2 -121", "3 0", "4 -121", "5 0"],
            ann.Ask(
                RemoveWatches(1, "/a", 2), RemoveWatches(2, "/a", 2), RemoveWatches(3, "/a", 3),
                RemoveWatches(4, "/a", 3), Set(5, "/a")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(-1)]
    public void A_type_that_there_is_not_is_refused(int type)
    {
        var ann = new ReplicaClient(replica);
        Assert.Equal(["1 -5", "2 -5"], ann.Ask(CheckWatches(1, "/a", type), RemoveWatches(2, "/a", type)));
    }

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(105)]
    [InlineData(106)]
    public void What_cannot_be_decoded_is_answered_and_the_connection_stays(int op)
    {
        var ann = new ReplicaClient(replica);
        byte[] request = [0, 0, 0, 1, 0, 0, 0, (byte)op, 0, 0, 0, 9, (byte)'/'];
        Assert.Equal(["1 -5"], ann.Ask(request));
        Assert.Equal(["2 -101"], ann.Ask(Exists(2, "/a")));
    }

    // zookeeper-protocol 6.4: the writer's own event, and that of a reader whose next read shows the change.
    [Fact]
    public void An_event_comes_before_any_reply_that_shows_its_change()
    {
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.Ask(Create(1, "/a"));
        Assert.Equal(
            ["2 0 00000000", "event 3 /a", "3 0", "4 0"],
            ann.Ask(AddWatch(2, "/a", 0), Set(3, "/a"), Get(4, "/a")));
        Assert.Equal(["1 0"], bob.Ask(Get(1, "/a", watch: true)));
        ann.Ask(Set(5, "/a"));
        Assert.Equal(["event 3 /a", "2 0"], bob.Ask(Get(2, "/a")));
    }

    // The reply that sets a watch and the event of the next write arrive in the order in which they happened.
    [Fact]
    public void A_read_between_two_writes_watches_for_the_second()
    {
        var ann = new ReplicaClient(replica);
        Assert.Equal(
            ["1 0", "2 0", "event 3 /a", "3 0"],
            ann.Ask(Create(1, "/a"), Get(2, "/a", watch: true), Set(3, "/a"))
                .Select(line => line.StartsWith("1 0", StringComparison.Ordinal) ? "1 0" : line));
    }

    [Fact]
    public void SetWatches2_tells_what_was_missed_and_then_answers()
    {
        var ann = new ReplicaClient(replica);
        ann.Ask(Create(1, "/a"));
        Assert.Equal(
            ["event 3 /a -1", "event 2 /gone -1", "event 1 /a -1", "event 2 /gone -1", "-8 0"],
            ann.Ask(SetWatches(0, ["/a", "/gone"], ["/a", "/none"], ["/gone"], ["/a"], ["/"])));
        Assert.Equal(["event 1 /none"], ann.Ask(Create(2, "/none")).Take(1));
        Assert.Equal(["event 3 /a", "3 0"], ann.Ask(Set(3, "/a")));
    }

    [Fact]
    public void Only_connections_that_may_read_the_znode_are_told()
    {
        var ann = new ReplicaClient(replica);
        var bob = new ReplicaClient(replica);
        ann.Ask(Auth(1, "ann:secret"));
        bob.Ask(AddWatch(1, "/", mode: 1));
        ann.Ask(AddWatch(2, "/", mode: 1), Create(3, "/secret", Acl("auth", "")), Create(4, "/open"));
        Assert.Equal(["event 1 /open"], bob.Received());

        bob.Ask(Auth(2, "ann:secret"));
        Assert.Equal(["event 3 /secret", "5 0"], ann.Ask(Set(5, "/secret")));
        Assert.Equal(["event 3 /secret"], bob.Received());
    }
}
