using System.Text;
using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>What sets a watch, what fires it, and in which order (zookeeper-protocol 6.2, 6.3, 6.6).</summary>
public class WatchScenarios
{
    private readonly TreeDriver _driver = new();
    private readonly WatchTable<string> _watches = new();
    private readonly EventLog _events = new();
    private readonly TestSession _session;

    public WatchScenarios() => _session = _driver.Connect();

    [Fact]
    public void Creating_a_znode_fires_its_data_watch_and_then_its_parents_child_watch()
    {
        Watch("ann", WatchKind.Data, "/a");
        Watch("bob", WatchKind.Child, "/");
        Watch("ann", WatchKind.Child, "/a");

        Do(new Create("/a"));
        AssertEvents("ann NodeCreated /a", "bob NodeChildrenChanged /");
        Assert.Equal((0, 1), (_watches.DataCount, _watches.ChildCount));
    }

    [Fact]
    public void Setting_data_fires_data_watches_only_even_with_equal_data()
    {
        Do(new Create("/a", "x"));
        Do(new Create("/a/b", "x"));
        Watch("ann", WatchKind.Data, "/a/b");
        Watch("bob", WatchKind.Child, "/a/b");
        Watch("cat", WatchKind.Child, "/a");
        Watch("cat", WatchKind.Data, "/a");

        // Another server once fired list watches of the parent here (zookeeper-protocol 12.4).
        Do(new Set("/a/b", "x"));
        AssertEvents("ann NodeDataChanged /a/b");
    }

    // Danger: a client is told of one deletion twice, or the order of the three triggers is another.
    [Fact]
    public void Deleting_fires_data_then_child_watches_each_watcher_once_then_the_parent()
    {
        Do(new Create("/a"));
        Do(new Create("/a/b"));
        Watch("both", WatchKind.Child, "/a/b");
        Watch("both", WatchKind.Data, "/a/b");
        Watch("child", WatchKind.Child, "/a/b");
        Watch("data", WatchKind.Data, "/a/b");
        Watch("both", WatchKind.Child, "/a");

        Do(new Delete("/a/b"));
        AssertEvents(
            "both NodeDeleted /a/b", "data NodeDeleted /a/b", "child NodeDeleted /a/b",
            "both NodeChildrenChanged /a");
        Assert.Equal((0, 0), (_watches.PathCount, _watches.WatcherCount));
    }

    [Fact]
    public void Changing_an_acl_fires_nothing()
    {
        Do(new Create("/a"));
        Watch("ann", WatchKind.Data, "/a");
        Watch("ann", WatchKind.Child, "/a");
        Watch("ann", WatchKind.Child, "/");
        Do(new SetAcl("/a", [(1, "world", "anyone")]));
        AssertEvents();
    }

    [Fact]
    public void A_failed_request_fires_nothing()
    {
        Do(new Create("/a"));
        Watch("ann", WatchKind.Data, "/a");
        Watch("ann", WatchKind.Child, "/");
        Fire(_driver.Run(_session, new Set("/a", "x", Version: 5)), ErrorCode.BadVersion);
        Fire(_driver.Run(_session, new Create("/a")), ErrorCode.NodeExists);
        AssertEvents();
    }

    // Another server fired watches for operations that were then taken back (zookeeper-protocol 12.4).
    [Fact]
    public void An_aborted_multi_fires_nothing()
    {
        Do(new Create("/a"));
        Watch("ann", WatchKind.Data, "/a");
        Watch("ann", WatchKind.Child, "/");
        Do(new Multi(new Set("/a", "x"), new Create("/b"), new Check("/a", 99)));
        AssertEvents();
        Assert.Equal((1, 1), (_watches.DataCount, _watches.ChildCount));
    }

    [Fact]
    public void A_multi_fires_in_the_order_of_its_operations()
    {
        Do(new Create("/a"));
        Watch("ann", WatchKind.Data, "/a");
        Watch("ann", WatchKind.Data, "/b");
        Watch("ann", WatchKind.Child, "/");
        Do(new Multi(new Create("/b"), new Set("/a", "x"), new Delete("/b"), new Set("/a", "y")));
        AssertEvents("ann NodeCreated /b", "ann NodeChildrenChanged /", "ann NodeDataChanged /a");
    }

    [Fact]
    public void A_session_that_ends_fires_for_each_of_its_ephemerals_in_the_order_of_paths()
    {
        Do(new Create("/locks"));
        foreach (string name in new[] { "c", "a", "b" })
            Do(new Create($"/locks/{name}", "", Flags: 1));
        foreach (string name in new[] { "a", "b", "c" })
            Watch("ann", WatchKind.Data, $"/locks/{name}");
        Watch("ann", WatchKind.Child, "/locks");

        Fire(_driver.Expire(_session), ErrorCode.Ok);
        AssertEvents(
            "ann NodeDeleted /locks/a", "ann NodeChildrenChanged /locks", "ann NodeDeleted /locks/b",
            "ann NodeDeleted /locks/c");
    }

    [Fact]
    public void Watching_again_has_no_effect_and_a_watch_fires_once()
    {
        Do(new Create("/a"));
        Assert.True(Watch("ann", WatchKind.Data, "/a"));
        Assert.False(Watch("ann", WatchKind.Data, "/a"));
        Do(new Set("/a", "1"));
        Do(new Set("/a", "2"));
        AssertEvents("ann NodeDataChanged /a");
    }

    [Fact]
    public void Watchers_are_told_in_the_order_in_which_they_asked()
    {
        Do(new Create("/a"));
        string[] names = [.. Enumerable.Range(0, 1_000).Select(i => $"w{i}")];
        foreach (string name in names)
            Watch(name, WatchKind.Data, "/a");
        Do(new Set("/a", "1"));
        AssertEvents([.. names.Select(name => $"{name} NodeDataChanged /a")]);
    }

    [Fact]
    public void An_event_bears_the_zxid_of_the_entry_that_fired_it()
    {
        Do(new Create("/a"));
        Watch("ann", WatchKind.Data, "/a");
        Do(new Set("/a", "1"));
        Assert.Equal([_driver.Tree.AppliedIndex], _events.Zxids);
    }

    [Fact]
    public void A_watcher_that_leaves_takes_its_watches_with_it()
    {
        Do(new Create("/a"));
        Watch("ann", WatchKind.Data, "/a");
        Watch("ann", WatchKind.Child, "/a");
        Watch("ann", WatchKind.Data, "/elsewhere");
        Watch("bob", WatchKind.Data, "/a");
        _watches.RemoveAll("ann");
        _watches.RemoveAll("nobody");
        Assert.Equal((1, 0, 1, 1),
            (_watches.DataCount, _watches.ChildCount, _watches.PathCount, _watches.WatcherCount));
        Do(new Set("/a", "1"));
        AssertEvents("bob NodeDataChanged /a");
    }

    [Theory]
    [InlineData(RestoredWatch.Data, "/missing", "ann NodeDeleted /missing")]
    [InlineData(RestoredWatch.Data, "/changed", "ann NodeDataChanged /changed")]
    [InlineData(RestoredWatch.Data, "/parent", null)]
    [InlineData(RestoredWatch.Data, "/old", null)]
    [InlineData(RestoredWatch.Exist, "/missing", null)]
    [InlineData(RestoredWatch.Exist, "/old", "ann NodeCreated /old")]
    [InlineData(RestoredWatch.Child, "/missing", "ann NodeDeleted /missing")]
    [InlineData(RestoredWatch.Child, "/changed", null)]
    [InlineData(RestoredWatch.Child, "/parent", "ann NodeChildrenChanged /parent")]
    [InlineData(RestoredWatch.Child, "/old", null)]
    public void SetWatches_makes_up_for_what_was_missed_or_sets_the_watch(
        RestoredWatch list, string path, string? missed)
    {
        foreach (string name in new[] { "/old", "/changed", "/parent", "/parent/child" })
            Do(new Create(name));
        long seen = _driver.Tree.AppliedIndex;
        Do(new Set("/changed", "x"));
        Do(new Delete("/parent/child"));

        _watches.Restore(list, Encoding.UTF8.GetBytes(path), seen, _driver.Tree, "ann", _events);
        AssertEvents(missed == null ? [] : [missed]);
        Assert.All(_events.Zxids, zxid => Assert.Equal(-1, zxid));
        var kind = list == RestoredWatch.Child ? WatchKind.Child : WatchKind.Data;
        Assert.Equal(missed == null, _watches.Contains(kind, Encoding.UTF8.GetBytes(path), "ann"));
    }

    [Fact]
    public void SetWatches_does_not_merge_events()
    {
        _watches.Restore(RestoredWatch.Data, "/gone"u8, 0, _driver.Tree, "ann", _events);
        _watches.Restore(RestoredWatch.Child, "/gone"u8, 0, _driver.Tree, "ann", _events);
        AssertEvents("ann NodeDeleted /gone", "ann NodeDeleted /gone");
    }

    [Fact]
    public void SetWatches_handles_data_then_exist_then_child()
    {
        byte[] record = new Wire().Long(0).Int(1).Text("/data").Int(1).Text("/").Int(1).Text("/child").ToArray();
        var reader = new JuteReader(record);
        Assert.True(SetWatchesRequest.TryRead(ref reader, out var request));
        _watches.Restore(request, _driver.Tree, "ann", _events);
        AssertEvents("ann NodeDeleted /data", "ann NodeCreated /", "ann NodeDeleted /child");
    }

    private bool Watch(string watcher, WatchKind kind, string path) =>
        _watches.Add(kind, Encoding.UTF8.GetBytes(path), watcher);

    private void Do(ZnodeRequest request) => Fire(_driver.Run(_session, request), ErrorCode.Ok);

    private void Fire(Reply reply, ErrorCode error)
    {
        Assert.Equal(error, reply.Error);
        foreach (string change in reply.Changes)
        {
            var type = Enum.Parse<WatchEventType>(change.Split(' ')[0]);
            byte[] path = Encoding.UTF8.GetBytes(change.Split(' ', 2)[1]);
            _watches.Trigger(new ZnodeChange(type, path), reply.Zxid, _events);
        }
    }

    private void AssertEvents(params string[] events) => Assert.Equal(events, _events.Texts);

    private sealed class EventLog : IWatchSink<string>
    {
        public List<string> Texts { get; } = [];

        public List<long> Zxids { get; } = [];

        public void OnEvent(string watcher, long zxid, WatchEventType type, ReadOnlySpan<byte> path)
        {
            Texts.Add($"{watcher} {type} {Encoding.UTF8.GetString(path)}");
            Zxids.Add(zxid);
        }
    }
}
