using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>What fires the watches that reads set, and in which order (zookeeper-protocol 6.2, 6.3).</summary>
public class OneShotWatchScenarios
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public void Creating_a_znode_fires_its_data_watch_and_then_its_parents_child_watch()
    {
        _tree.WatchData("ann", "/a");
        _tree.WatchChildren("bob", "/");
        _tree.WatchChildren("ann", "/a");

        _tree.Do(new Create("/a"));
        _tree.AssertEvents("ann NodeCreated /a", "bob NodeChildrenChanged /");
        Assert.Equal((0, 1), (_tree.Watches.DataCount, _tree.Watches.ChildCount));
    }

    [Fact]
    public void Setting_data_fires_data_watches_only_even_with_equal_data()
    {
        _tree.Do(new Create("/a", "x"), new Create("/a/b", "x"));
        _tree.WatchData("ann", "/a/b");
        _tree.WatchChildren("bob", "/a/b");
        _tree.WatchChildren("cat", "/a");
        _tree.WatchData("cat", "/a");

        // Another server once fired list watches of the parent here (zookeeper-protocol 12.4).
        _tree.Do(new Set("/a/b", "x"));
        _tree.AssertEvents("ann NodeDataChanged /a/b");
    }

    // Danger: a client is told of one deletion twice, or the order of the three triggers is another.
    [Fact]
    public void Deleting_fires_data_then_child_watches_each_watcher_once_then_the_parent()
    {
        _tree.Do(new Create("/a"), new Create("/a/b"));
        _tree.WatchChildren("both", "/a/b");
        _tree.WatchData("both", "/a/b");
        _tree.WatchChildren("child", "/a/b");
        _tree.WatchData("data", "/a/b");
        _tree.WatchChildren("both", "/a");

        _tree.Do(new Delete("/a/b"));
        _tree.AssertEvents(
            "both NodeDeleted /a/b", "data NodeDeleted /a/b", "child NodeDeleted /a/b",
            "both NodeChildrenChanged /a");
        Assert.Equal((0, 0), (_tree.Watches.PathCount, _tree.Watches.WatcherCount));
    }

    [Fact]
    public void Changing_an_acl_fires_nothing()
    {
        _tree.Do(new Create("/a"));
        _tree.WatchData("ann", "/a");
        _tree.WatchChildren("ann", "/a");
        _tree.WatchChildren("ann", "/");
        _tree.FollowAll("ann", "/");
        _tree.Do(new SetAcl("/a", [(1, "world", "anyone")]));
        _tree.AssertEvents();
    }

    [Fact]
    public void A_failed_request_fires_nothing()
    {
        _tree.Do(new Create("/a"));
        _tree.WatchData("ann", "/a");
        _tree.WatchChildren("ann", "/");
        _tree.FollowAll("ann", "/");
        _tree.Do(new Set("/a", "x", Version: 5), Protocol.ErrorCode.BadVersion);
        _tree.Do(new Create("/a"), Protocol.ErrorCode.NodeExists);
        _tree.AssertEvents();
    }

    // Another server fired watches for operations that were then taken back (zookeeper-protocol 12.4).
    [Fact]
    public void An_aborted_multi_fires_nothing()
    {
        _tree.Do(new Create("/a"));
        _tree.WatchData("ann", "/a");
        _tree.WatchChildren("ann", "/");
        _tree.Do(new Multi(new Set("/a", "x"), new Create("/b"), new Check("/a", 99)));
        _tree.AssertEvents();
        Assert.Equal((1, 1), (_tree.Watches.DataCount, _tree.Watches.ChildCount));
    }

    [Fact]
    public void A_multi_fires_in_the_order_of_its_operations()
    {
        _tree.Do(new Create("/a"));
        _tree.WatchData("ann", "/a");
        _tree.WatchData("ann", "/b");
        _tree.WatchChildren("ann", "/");
        _tree.Do(new Multi(new Create("/b"), new Set("/a", "x"), new Delete("/b"), new Set("/a", "y")));
        _tree.AssertEvents("ann NodeCreated /b", "ann NodeChildrenChanged /", "ann NodeDataChanged /a");
    }

    [Fact]
    public void A_session_that_ends_fires_for_each_of_its_ephemerals_in_the_order_of_paths()
    {
        _tree.Do(new Create("/locks"));
        foreach (string name in new[] { "c", "a", "b" })
            _tree.Do(new Create($"/locks/{name}", "", Flags: 1));
        foreach (string name in new[] { "a", "b", "c" })
            _tree.WatchData("ann", $"/locks/{name}");
        _tree.WatchChildren("ann", "/locks");

        _tree.Fire(_tree.Driver.Expire(_tree.Session));
        _tree.AssertEvents(
            "ann NodeDeleted /locks/a", "ann NodeChildrenChanged /locks", "ann NodeDeleted /locks/b",
            "ann NodeDeleted /locks/c");
    }

    [Fact]
    public void Watching_again_has_no_effect_and_a_watch_fires_once()
    {
        _tree.Do(new Create("/a"));
        _tree.WatchData("ann", "/a");
        _tree.WatchData("ann", "/a");
        Assert.Equal(1, _tree.Watches.DataCount);
        _tree.Do(new Set("/a", "1"), new Set("/a", "2"));
        _tree.AssertEvents("ann NodeDataChanged /a");
    }

    [Fact]
    public void Watchers_are_told_in_the_order_in_which_they_asked()
    {
        _tree.Do(new Create("/a"));
        string[] names = [.. Enumerable.Range(0, 1_000).Select(i => $"w{i}")];
        foreach (string name in names)
            _tree.WatchData(name, "/a");
        _tree.Do(new Set("/a", "1"));
        _tree.AssertEvents([.. names.Select(name => $"{name} NodeDataChanged /a")]);
    }

    [Fact]
    public void An_event_bears_the_zxid_of_the_entry_that_fired_it()
    {
        _tree.Do(new Create("/a"));
        _tree.WatchData("ann", "/a");
        _tree.Do(new Set("/a", "1"));
        Assert.Equal([_tree.LastZxid], _tree.Zxids);
    }

    [Fact]
    public void A_watcher_that_leaves_takes_its_watches_with_it()
    {
        _tree.Do(new Create("/a"));
        _tree.WatchData("ann", "/a");
        _tree.WatchChildren("ann", "/a");
        _tree.WatchData("ann", "/elsewhere");
        _tree.WatchData("bob", "/a");
        Assert.Equal(2, _tree.Watches.Forget("ann", 2));
        Assert.Equal(1, _tree.Watches.Forget("ann", 2));
        Assert.Equal(0, _tree.Watches.Forget("nobody", 2));
        Assert.Equal((1, 0, 1, 1), (
            _tree.Watches.DataCount, _tree.Watches.ChildCount, _tree.Watches.PathCount, _tree.Watches.WatcherCount));
        _tree.Do(new Set("/a", "1"));
        _tree.AssertEvents("bob NodeDataChanged /a");
    }
}
