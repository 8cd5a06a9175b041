using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>Who is told: every row of zookeeper-protocol 6.5.</summary>
public class WatchAccessScenarios
{
    private static readonly (int, string?, string?)[] ForAnn = [(1, "digest", "ann:x")];
    private static readonly (int, string?, string?)[] ForBob = [(1, "digest", "bob:x"), (30, "world", "anyone")];

    private readonly WatchedTree _tree = new();

    public WatchAccessScenarios()
    {
        _tree.Identify("ann", "ann:x");
        _tree.Identify("bob", "bob:x");
    }

    [Fact]
    public void Created_is_told_to_those_who_may_read_the_new_znode()
    {
        WatchDataByAll("/a");
        _tree.Do(new Create("/a") { Acl = ForAnn });
        _tree.AssertEvents("ann NodeCreated /a");
    }

    [Fact]
    public void DataChanged_is_told_to_those_who_may_read_the_znode_as_its_acl_is_then()
    {
        _tree.Do(new Create("/a") { Acl = ForAnn }, new SetAcl("/a", ForBob));
        WatchDataByAll("/a");
        _tree.Do(new Set("/a", "1"));
        _tree.AssertEvents("bob NodeDataChanged /a");
    }

    // The znode is gone by then, and with it the last holder of its ACL: another list may have its number.
    [Fact]
    public void Deleted_is_told_to_those_who_could_read_the_znode_before()
    {
        _tree.Do(new Create("/a") { Acl = ForAnn });
        WatchDataByAll("/a");
        WatchChildrenByAll("/a");
        _tree.Do(new Multi(new Delete("/a"), new Create("/b") { Acl = ForBob }));
        _tree.AssertEvents("ann NodeDeleted /a");
    }

    [Fact]
    public void ChildrenChanged_is_told_to_those_who_may_read_the_parent()
    {
        _tree.Do(new Create("/a") { Acl = ForAnn });
        WatchChildrenByAll("/a");
        _tree.Do(new Create("/a/b") { Acl = ForBob });
        _tree.AssertEvents("ann NodeChildrenChanged /a");
        WatchChildrenByAll("/a");
        _tree.Do(new Delete("/a/b"));
        _tree.AssertEvents("ann NodeChildrenChanged /a");
    }

    [Fact]
    public void A_recursive_watch_is_judged_by_the_changed_znode_and_not_by_the_watched_one()
    {
        _tree.Do(new Create("/a") { Acl = ForAnn });
        _tree.FollowAll("ann", "/a");
        _tree.FollowAll("bob", "/a");
        _tree.Do(new Create("/a/b") { Acl = ForBob }, new Set("/a/b", "1"), new Set("/a", "1"), new Delete("/a/b"));
        _tree.AssertEvents(
            "bob NodeCreated /a/b", "bob NodeDataChanged /a/b", "ann NodeDataChanged /a", "bob NodeDeleted /a/b");
    }

    [Fact]
    public void A_watch_that_is_not_told_is_used_up_all_the_same()
    {
        _tree.Do(new Create("/a") { Acl = ForAnn });
        WatchDataByAll("/a");
        _tree.Do(new Set("/a", "1"), new SetAcl("/a", ForBob), new Set("/a", "2"));
        _tree.AssertEvents("ann NodeDataChanged /a");
        Assert.Equal(0, _tree.Watches.DataCount);
    }

    [Fact]
    public void Identities_are_those_at_the_time_of_the_event()
    {
        _tree.Do(new Create("/a") { Acl = ForAnn });
        _tree.Follow("cat", "/a");
        _tree.Do(new Set("/a", "1"));
        _tree.Identify("cat", "ann:x");
        _tree.Do(new Set("/a", "2"));
        _tree.Identify("cat", "cat:x");
        _tree.Do(new Set("/a", "3"));
        _tree.AssertEvents("cat NodeDataChanged /a");
    }

    [Fact]
    public void Each_operation_of_a_multi_goes_by_the_acls_of_its_moment()
    {
        _tree.FollowAll("ann", "/");
        _tree.FollowAll("bob", "/");
        _tree.Do(new Multi(
            new Create("/a") { Acl = ForAnn }, new Delete("/a"), new Create("/a") { Acl = ForBob },
            new Set("/a", "1")));
        _tree.AssertEvents(
            "ann NodeCreated /a", "ann NodeDeleted /a", "bob NodeCreated /a", "bob NodeDataChanged /a");
    }

    [Theory]
    [InlineData(31)]
    [InlineData(1)]
    public void What_everybody_may_read_is_told_to_everybody(int permissions)
    {
        WatchDataByAll("/a");
        _tree.Do(new Create("/a") { Acl = [(permissions, "world", "anyone")] });
        _tree.AssertEvents("ann NodeCreated /a", "bob NodeCreated /a", "nobody NodeCreated /a");
    }

    [Fact]
    public void Other_permissions_than_to_read_do_not_count()
    {
        WatchDataByAll("/a");
        _tree.Do(new Create("/a") { Acl = [(30, "world", "anyone")] });
        _tree.AssertEvents();
    }

    private void WatchDataByAll(string path)
    {
        foreach (string watcher in new[] { "ann", "bob", "nobody" })
            _tree.WatchData(watcher, path);
    }

    private void WatchChildrenByAll(string path)
    {
        foreach (string watcher in new[] { "ann", "bob", "nobody" })
            _tree.WatchChildren(watcher, path);
    }
}
