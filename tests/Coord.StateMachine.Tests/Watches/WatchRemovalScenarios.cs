using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>checkWatches and removeWatches: every cell of zookeeper-protocol 6.7.</summary>
public class WatchRemovalScenarios
{
    private static readonly string[] Kinds = ["data", "child", "persistent", "recursive"];

    private readonly WatchedTree _tree = new();

    [Theory]
    [InlineData(WatcherType.Children, "child")]
    [InlineData(WatcherType.Data, "data")]
    [InlineData(WatcherType.Any, "data", "child", "persistent", "recursive")]
    [InlineData(WatcherType.Persistent, "persistent")]
    [InlineData(WatcherType.PersistentRecursive, "recursive")]
    public void A_type_finds_and_removes_the_watches_that_it_names_and_no_others(
        WatcherType type, params string[] named)
    {
        foreach (string kind in Kinds)
        {
            Add("ann", kind);
            Assert.Equal(named.Contains(kind), _tree.Watches.Contains(type, "/a"u8, "ann"));
            Assert.Equal(named.Contains(kind), _tree.Watches.Remove(type, "/a"u8, "ann"));
            Assert.False(_tree.Watches.Contains(type, "/a"u8, "ann"));
            Assert.False(_tree.Watches.Remove(type, "/a"u8, "ann"));
            Assert.Equal(named.Contains(kind) ? 0 : 1, _tree.Watches.WatcherCount);
            _tree.Watches.Forget("ann", int.MaxValue);
        }

        // All at once: the rest stays, on keys that it shares with what was removed as well.
        foreach (string kind in Kinds)
            Add("ann", kind);
        Assert.True(_tree.Watches.Remove(type, "/a"u8, "ann"));
        foreach (string kind in Kinds)
            Assert.Equal(!named.Contains(kind), Has("ann", kind));
    }

    [Fact]
    public void Removing_concerns_this_watcher_and_exactly_this_path_and_sends_nothing()
    {
        _tree.Do(new Create("/a"), new Create("/a/b"));
        _tree.FollowAll("ann", "/a");
        _tree.FollowAll("bob", "/a");
        _tree.FollowAll("ann", "/a/b");
        Assert.False(_tree.Watches.Contains(WatcherType.Any, "/"u8, "ann"));
        Assert.False(_tree.Watches.Remove(WatcherType.Any, "/a/"u8, "ann"));
        Assert.True(_tree.Watches.Remove(WatcherType.Any, "/a"u8, "ann"));
        _tree.AssertEvents();

        _tree.Do(new Set("/a", "1"), new Set("/a/b", "1"));
        _tree.AssertEvents("bob NodeDataChanged /a", "ann NodeDataChanged /a/b", "bob NodeDataChanged /a/b");
    }

    [Fact]
    public void A_removed_persistent_watch_is_out_of_both_tables()
    {
        _tree.Do(new Create("/a"));
        _tree.Follow("ann", "/a");
        _tree.WatchChildren("ann", "/a");
        Assert.True(_tree.Watches.Remove(WatcherType.Persistent, "/a"u8, "ann"));
        Assert.Equal((0, 1, 0), (_tree.Watches.DataCount, _tree.Watches.ChildCount, _tree.Watches.PersistentCount));
        _tree.Do(new Set("/a", "1"), new Create("/a/b"), new Create("/a/c"));
        _tree.AssertEvents("ann NodeChildrenChanged /a");
    }

    [Fact]
    public void An_unknown_type_finds_nothing()
    {
        foreach (string kind in Kinds)
            Add("ann", kind);
        foreach (int type in new[] { 0, 6, -1, int.MaxValue })
        {
            Assert.False(_tree.Watches.Contains((WatcherType)type, "/a"u8, "ann"));
            Assert.False(_tree.Watches.Remove((WatcherType)type, "/a"u8, "ann"));
        }
    }

    private void Add(string watcher, string kind)
    {
        Action<string, string> add = kind switch
        {
            "data" => _tree.WatchData,
            "child" => _tree.WatchChildren,
            "persistent" => _tree.Follow,
            _ => _tree.FollowAll,
        };
        add(watcher, "/a");
    }

    private bool Has(string watcher, string kind)
    {
        var type = kind switch
        {
            "data" => WatcherType.Data,
            "child" => WatcherType.Children,
            "persistent" => WatcherType.Persistent,
            _ => WatcherType.PersistentRecursive,
        };
        return _tree.Watches.Contains(type, "/a"u8, watcher);
    }
}
