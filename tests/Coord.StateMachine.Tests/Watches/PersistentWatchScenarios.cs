using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>What fires the watches that addWatch sets: the second table of zookeeper-protocol 6.3.</summary>
public class PersistentWatchScenarios
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public void A_persistent_watch_tells_of_every_change_of_its_znode_and_of_its_list_of_children()
    {
        _tree.Follow("ann", "/a");
        _tree.Do(new Create("/a"), new Set("/a", "1"), new Set("/a", "1"), new Create("/a/b"), new Delete("/a/b"));
        _tree.AssertEvents(
            "ann NodeCreated /a", "ann NodeDataChanged /a", "ann NodeDataChanged /a", "ann NodeChildrenChanged /a",
            "ann NodeChildrenChanged /a");

        // One event although it is in both tables; and it outlives its znode.
        _tree.Do(new Delete("/a"), new Create("/a"));
        _tree.AssertEvents("ann NodeDeleted /a", "ann NodeCreated /a");
    }

    [Fact]
    public void A_persistent_watch_tells_nothing_of_what_happens_to_children_and_below()
    {
        _tree.Do(new Create("/a"), new Create("/a/b"), new Create("/ab"));
        _tree.Follow("ann", "/a");
        _tree.Do(new Set("/a/b", "1"), new Create("/a/b/c"), new Set("/ab", "1"), new Delete("/ab"));
        _tree.AssertEvents();
    }

    [Fact]
    public void A_recursive_watch_tells_of_the_znode_and_all_below_with_their_own_paths()
    {
        _tree.FollowAll("ann", "/a");
        _tree.Do(
            new Create("/a"), new Create("/a/b"), new Create("/a/b/c"), new Set("/a/b/c", "1"), new Set("/a", "1"),
            new Delete("/a/b/c"), new Delete("/a/b"), new Delete("/a"));
        _tree.AssertEvents(
            "ann NodeCreated /a", "ann NodeCreated /a/b", "ann NodeCreated /a/b/c", "ann NodeDataChanged /a/b/c",
            "ann NodeDataChanged /a", "ann NodeDeleted /a/b/c", "ann NodeDeleted /a/b", "ann NodeDeleted /a");
    }

    [Fact]
    public void A_recursive_watch_tells_nothing_of_znodes_whose_names_only_begin_like_its_own()
    {
        _tree.Do(new Create("/a"), new Create("/ab"), new Create("/x"), new Create("/x/a"));
        _tree.FollowAll("ann", "/a");
        _tree.Do(new Create("/ab/c"), new Set("/ab", "1"), new Set("/x/a", "1"), new Set("/x", "1"));
        _tree.AssertEvents();
    }

    [Fact]
    public void A_recursive_watch_of_the_root_sees_everything()
    {
        _tree.FollowAll("ann", "/");
        _tree.Do(new Create("/a"), new Create("/zookeeper/quota/a"), new Set("/", "1"));
        _tree.AssertEvents("ann NodeCreated /a", "ann NodeCreated /zookeeper/quota/a", "ann NodeDataChanged /");
    }

    // zookeeper-protocol 6.3: Created by the data table, ChildrenChanged by the child table.
    [Fact]
    public void Who_watches_both_ways_is_told_of_a_new_child_both_ways()
    {
        _tree.Do(new Create("/a"));
        _tree.Follow("ann", "/a");
        _tree.FollowAll("ann", "/a");
        _tree.Do(new Create("/a/c"));
        _tree.AssertEvents("ann NodeCreated /a/c", "ann NodeChildrenChanged /a");
    }

    [Fact]
    public void One_change_is_one_event_however_many_watches_match()
    {
        _tree.Do(new Create("/a"), new Create("/a/b"));
        _tree.WatchData("ann", "/a/b");
        _tree.WatchChildren("ann", "/a/b");
        _tree.Follow("ann", "/a/b");
        foreach (string path in new[] { "/", "/a", "/a/b" })
            _tree.FollowAll("ann", path);

        _tree.Do(new Set("/a/b", "1"), new Delete("/a/b"));
        _tree.AssertEvents("ann NodeDataChanged /a/b", "ann NodeDeleted /a/b");
    }

    [Fact]
    public void Reading_with_a_watch_leaves_a_persistent_one_as_it_is()
    {
        _tree.Do(new Create("/a"));
        _tree.Follow("ann", "/a");
        _tree.WatchData("ann", "/a");
        Assert.Equal((1, 1, 1), (_tree.Watches.DataCount, _tree.Watches.ChildCount, _tree.Watches.PersistentCount));
        _tree.Do(new Set("/a", "1"), new Set("/a", "2"));
        _tree.AssertEvents("ann NodeDataChanged /a", "ann NodeDataChanged /a");
    }

    // The watchers of an ancestor were served by the first trigger: their one-shot child watch is used up in silence.
    [Fact]
    public void Deleted_skips_child_watches_of_those_whom_an_ancestors_watch_told()
    {
        _tree.Do(new Create("/a"), new Create("/a/b"));
        _tree.FollowAll("ann", "/");
        _tree.WatchChildren("ann", "/a/b");
        _tree.WatchChildren("bob", "/a/b");
        _tree.Do(new Delete("/a/b"));
        _tree.AssertEvents("ann NodeDeleted /a/b", "bob NodeDeleted /a/b");
        Assert.Equal(0, _tree.Watches.ChildCount);
    }

    [Fact]
    public void Own_watches_are_told_before_those_of_ancestors()
    {
        _tree.Do(new Create("/a"), new Create("/a/b"));
        _tree.FollowAll("root", "/");
        _tree.FollowAll("parent", "/a");
        _tree.FollowAll("own", "/a/b");
        _tree.WatchData("once", "/a/b");
        _tree.Do(new Set("/a/b", "1"));
        _tree.AssertEvents(
            "once NodeDataChanged /a/b", "own NodeDataChanged /a/b", "root NodeDataChanged /a/b",
            "parent NodeDataChanged /a/b");
    }

    [Fact]
    public void A_multi_tells_of_each_change()
    {
        _tree.FollowAll("ann", "/a");
        _tree.Do(new Multi(new Create("/a"), new Create("/a/b"), new Set("/a/b", "1"), new Delete("/a/b")));
        _tree.AssertEvents(
            "ann NodeCreated /a", "ann NodeCreated /a/b", "ann NodeDataChanged /a/b", "ann NodeDeleted /a/b");
        _tree.Do(new Multi(new Create("/a/b"), new Check("/a", 99)));
        _tree.AssertEvents();
    }

    [Fact]
    public void The_end_of_a_session_tells_of_each_of_its_ephemerals()
    {
        _tree.Do(new Create("/a"), new Create("/a/y", "", Flags: 1), new Create("/a/x", "", Flags: 1));
        _tree.FollowAll("ann", "/a");
        _tree.Follow("bob", "/a");
        _tree.Fire(_tree.Driver.Close(_tree.Session));
        _tree.AssertEvents(
            "ann NodeDeleted /a/x", "bob NodeChildrenChanged /a", "ann NodeDeleted /a/y",
            "bob NodeChildrenChanged /a");
    }

    // Danger: looking each ancestor up by its own hash would read a deep path as often as it has components.
    [Fact]
    public void A_recursive_watch_reaches_any_depth()
    {
        string path = "";
        for (int depth = 1; depth <= 200; depth++)
            _tree.Do(new Create(path += $"/{depth}"));
        _tree.FollowAll("ann", "/1");
        _tree.FollowAll("bob", path);
        _tree.FollowAll("cat", path[..path.LastIndexOf('/')]);
        _tree.Do(new Set(path, "1"));
        _tree.AssertEvents(
            $"bob NodeDataChanged {path}", $"ann NodeDataChanged {path}", $"cat NodeDataChanged {path}");
    }
}
