using Coord.Node.Tests.Replica;
using static Coord.Node.Tests.Replica.ReplicaClient;

namespace Coord.Node.Tests.Clients;

/// <summary>
/// Watches that stay, set again with what they missed (docs/internals/extensions.md, watch-from).
/// </summary>
public class WatchFromTests
{
    private const int Keeps = 10;
    private const string None = "00000000";
    private const string NotTold = "FFFFFFFF";

    private readonly LoneReplica replica = new(processStart: 1, new NodeLimits { WatchHistoryChanges = Keeps });
    private readonly ReplicaClient ann;
    private readonly ReplicaClient bob;

    public WatchFromTests() => (ann, bob) = (new ReplicaClient(replica), new ReplicaClient(replica));

    [Fact]
    public void What_was_missed_is_told_in_its_order_before_the_answer_and_what_comes_after_it()
    {
        ann.Ask(Create(1, "/a"));
        var seen = replica.Tree.AppliedIndex;
        ann.Ask(Set(2, "/a"), Create(3, "/b"), Create(4, "/a/c"));

        Assert.Equal(
            ["event 3 /a", "event 1 /a/c", "1 0 00000002"], bob.Ask(WatchFrom(1, seen, [], ["/a"])));
        Assert.Equal(["event 4 /a", "2 0 00000001"], bob.Ask(WatchFrom(2, seen + 1, ["/a"], [])));
        ann.Ask(Set(5, "/a/c"));
        Assert.Equal(["event 3 /a/c"], bob.Received());
    }

    [Fact]
    public void Who_missed_nothing_is_told_nothing()
    {
        ann.Ask(Create(1, "/a"));
        Assert.Equal([$"1 0 {None}"], bob.Ask(WatchFrom(1, replica.Tree.AppliedIndex, [], ["/"])));
        Assert.Equal([$"2 0 {None}"], bob.Ask(WatchFrom(2, replica.Tree.AppliedIndex, [], [])));
    }

    [Fact]
    public void Who_missed_too_much_is_told_so_and_watches_all_the_same()
    {
        ann.Ask(Create(1, "/a"));
        var seen = replica.Tree.AppliedIndex;
        for (var i = 0; i <= Keeps; i++)
            ann.Ask(Set(2, "/a"));

        Assert.Equal([$"1 0 {NotTold}"], bob.Ask(WatchFrom(1, seen, ["/a"], ["/a"])));
        ann.Ask(Set(3, "/a"));
        Assert.Equal(["event 3 /a"], bob.Received());
    }

    // Danger: one client's long list is worked off in one step.
    [Fact]
    public void Many_watches_are_set_in_shares_and_told_of_nothing()
    {
        var seen = replica.Tree.AppliedIndex;
        ann.Ask(Create(1, "/0"));
        string[] many = [.. Enumerable.Range(0, NodeLimits.Default.WatchesPerShareMax + 1).Select(i => $"/{i}")];
        Assert.Equal([$"1 0 {NotTold}"], bob.Ask(WatchFrom(1, seen, [], many)));
        ann.Ask(Set(2, "/0"));
        Assert.Equal(["event 3 /0"], bob.Received());
    }

    [Fact]
    public void Only_who_may_read_a_znode_is_told_of_it()
    {
        var seen = replica.Tree.AppliedIndex;
        ann.Ask(Auth(1, "ann:secret"), Create(2, "/secret", Acl("auth", "")), Create(3, "/open"));
        Assert.Equal(["event 1 /open", "1 0 00000001"], bob.Ask(WatchFrom(1, seen, [], ["/"])));
        bob.Ask(Auth(2, "ann:secret"));
        Assert.Equal(
            ["event 1 /secret", "event 1 /open", "3 0 00000002"], bob.Ask(WatchFrom(3, seen, [], ["/"])));
    }

    [Fact]
    public void Over_the_limit_of_watches_the_connection_ends()
    {
        var limited = new LoneReplica(processStart: 1, new NodeLimits { ClientWatchesMax = 1 });
        var client = new ReplicaClient(limited);
        Assert.Equal(["1 -5"], client.Ask(WatchFrom(1, 0, [], ["/a", "/b"])));
        Assert.True(client.IsClosed);
    }
}
