using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>setWatches and setWatches2 after a reconnect: every cell of zookeeper-protocol 6.6.</summary>
public class WatchRestoreScenarios
{
    private const int Data = 0;
    private const int Exist = 1;
    private const int Child = 2;
    private const int Persistent = 3;
    private const int Recursive = 4;

    private readonly WatchedTree _tree = new();

    [Theory]
    [InlineData(Data, "/missing", "ann NodeDeleted /missing")]
    [InlineData(Data, "/changed", "ann NodeDataChanged /changed")]
    [InlineData(Data, "/parent", null)]
    [InlineData(Data, "/old", null)]
    [InlineData(Exist, "/missing", null)]
    [InlineData(Exist, "/old", "ann NodeCreated /old")]
    [InlineData(Child, "/missing", "ann NodeDeleted /missing")]
    [InlineData(Child, "/changed", null)]
    [InlineData(Child, "/parent", "ann NodeChildrenChanged /parent")]
    [InlineData(Child, "/old", null)]
    [InlineData(Persistent, "/missing", null)]
    [InlineData(Persistent, "/changed", null)]
    [InlineData(Persistent, "/parent", null)]
    [InlineData(Recursive, "/missing", null)]
    [InlineData(Recursive, "/changed", null)]
    [InlineData(Recursive, "/parent", null)]
    public void What_was_missed_is_told_or_else_the_watch_is_set(int list, string path, string? missed)
    {
        _tree.Do(new Create("/old"), new Create("/changed"), new Create("/parent"), new Create("/parent/child"));
        long seen = _tree.LastZxid;
        _tree.Do(new Set("/changed", "x"), new Delete("/parent/child"));

        Restore(seen, (list, path));
        _tree.AssertEvents(missed == null ? [] : [missed]);
        Assert.All(_tree.Zxids, zxid => Assert.Equal(-1, zxid));
        var type = list switch
        {
            Child => WatcherType.Children,
            Persistent => WatcherType.Persistent,
            Recursive => WatcherType.PersistentRecursive,
            _ => WatcherType.Data,
        };
        Assert.Equal(missed == null, _tree.Watches.Contains(type, WatchedTree.Utf8(path), "ann"));
        Assert.Equal(missed == null ? 1 : 0, _tree.Watches.PathCount);
        Assert.Equal(list == Persistent ? 1 : 0, _tree.Watches.PersistentCount);
        Assert.Equal((missed == null && list == Child) || list == Persistent ? 1 : 0, _tree.Watches.ChildCount);
    }

    [Fact]
    public void Events_are_not_merged()
    {
        Restore(0, (Data, "/gone"), (Child, "/gone"));
        _tree.AssertEvents("ann NodeDeleted /gone", "ann NodeDeleted /gone");
    }

    [Fact]
    public void The_lists_are_handled_in_their_order_and_the_paths_in_theirs()
    {
        Restore(0, (Child, "/c"), (Data, "/b"), (Exist, "/"), (Data, "/a"));
        _tree.AssertEvents("ann NodeDeleted /b", "ann NodeDeleted /a", "ann NodeCreated /", "ann NodeDeleted /c");
    }

    [Fact]
    public void Restored_watches_fire_like_any()
    {
        _tree.Do(new Create("/a"));
        Restore(_tree.LastZxid, (Data, "/a"), (Child, "/a"), (Persistent, "/a"), (Recursive, "/"));
        _tree.Do(new Set("/a", "1"), new Create("/a/b"), new Delete("/a/b"));
        _tree.AssertEvents(
            "ann NodeDataChanged /a", "ann NodeCreated /a/b", "ann NodeChildrenChanged /a", "ann NodeDeleted /a/b",
            "ann NodeChildrenChanged /a");
    }

    // zookeeper-protocol 6.5: what is made up for is not filtered.
    [Fact]
    public void What_was_missed_is_told_whoever_may_read_it()
    {
        _tree.Do(new Create("/secret") { Acl = [(31, "digest", "bob:x")] });
        Restore(0, (Data, "/secret"));
        _tree.AssertEvents("ann NodeDataChanged /secret");
    }

    // Danger: a request with a hundred thousand paths, taken some at a time, loses or repeats one at a seam.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Taken_some_at_a_time_it_comes_to_the_same(int pathsMax)
    {
        (int, string)[] paths =
            [.. Enumerable.Range(0, 25).Select(i => (i % 5, $"/missing-{i}")), (Data, "/"), (Exist, "/")];
        var restore = new WatchRestore<string>(Record(0, hasPersistent: true, paths), OpCode.SetWatches2, "ann");
        int steps = 0;
        while (!restore.IsDone)
        {
            int left = pathsMax;
            Assert.True(restore.TryGoOn(_tree.Watches, _tree.Driver.Tree, _tree, ref left));
            steps++;
        }

        Assert.Equal((paths.Length / pathsMax) + 1, steps);
        Assert.Equal(
            [.. Of(Data, "NodeDeleted"), "ann NodeCreated /", .. Of(Child, "NodeDeleted")], _tree.Events);
        Assert.Equal(5, _tree.Watches.RecursiveCount);
        Assert.Equal(5, _tree.Watches.PersistentCount);
        Assert.Equal(11, _tree.Watches.DataCount);

        IEnumerable<string> Of(int list, string type) =>
            paths.Where(path => path.Item1 == list && path.Item2 != "/").Select(path => $"ann {type} {path.Item2}");
    }

    [Fact]
    public void SetWatches_has_the_first_three_lists_only()
    {
        byte[] record = Record(0, hasPersistent: false, (Exist, "/a"), (Persistent, "/b"));
        var restore = new WatchRestore<string>(record, OpCode.SetWatches, "ann");
        int left = 100;
        Assert.True(restore.TryGoOn(_tree.Watches, _tree.Driver.Tree, _tree, ref left));
        Assert.True(restore.IsDone);
        Assert.Equal((99, 1, 0), (left, _tree.Watches.DataCount, _tree.Watches.PersistentCount));
    }

    [Fact]
    public void Watch_from_has_the_last_two_lists_only()
    {
        byte[] record = new Wire().Long(0).Int(1).Text("/a").Int(2).Text("/b").Text("/c").ToArray();
        var restore = new WatchRestore<string>(record, OpCode.WatchFrom, "ann");
        int left = 100;
        Assert.True(restore.TryGoOn(_tree.Watches, _tree.Driver.Tree, _tree, ref left));
        Assert.True(restore.IsDone);
        Assert.Equal((97, 1, 2), (left, _tree.Watches.PersistentCount, _tree.Watches.RecursiveCount));
    }

    [Fact]
    public void Null_lists_are_empty()
    {
        byte[] record = new Wire().Long(0).Int(-1).Int(-1).Int(-1).Int(-1).Int(1).Text("/a").ToArray();
        var restore = new WatchRestore<string>(record, OpCode.SetWatches2, "ann");
        int left = 100;
        Assert.True(restore.TryGoOn(_tree.Watches, _tree.Driver.Tree, _tree, ref left));
        Assert.True(restore.IsDone);
        Assert.Equal(1, _tree.Watches.RecursiveCount);
    }

    [Fact]
    public void A_watcher_at_its_limit_is_not_given_the_rest()
    {
        var watches = new WatchTable<string>(new WatchLimits(WatchesMax: 2, PathBytesMax: 1_000), indexSeed: 1);
        byte[] record = Record(0, hasPersistent: true, (Exist, "/a"), (Exist, "/b"), (Exist, "/c"), (Data, "/gone"));
        var restore = new WatchRestore<string>(record, OpCode.SetWatches2, "ann");
        int left = 100;
        Assert.False(restore.TryGoOn(watches, _tree.Driver.Tree, _tree, ref left));
        Assert.False(restore.IsDone);
        Assert.Equal(2, watches.DataCount);
        _tree.AssertEvents("ann NodeDeleted /gone");
    }

    private void Restore(long relativeZxid, params (int List, string Path)[] paths)
    {
        byte[] record = Record(relativeZxid, hasPersistent: true, paths);
        var restore = new WatchRestore<string>(record, OpCode.SetWatches2, "ann");
        int left = int.MaxValue;
        Assert.True(restore.TryGoOn(_tree.Watches, _tree.Driver.Tree, _tree, ref left));
        Assert.True(restore.IsDone);
        Assert.Equal(int.MaxValue - paths.Length, left);
    }

    private static byte[] Record(long relativeZxid, bool hasPersistent, params (int List, string Path)[] paths)
    {
        var wire = new Wire().Long(relativeZxid);
        for (int list = 0; list <= (hasPersistent ? Recursive : Child); list++)
        {
            string[] inList = [.. paths.Where(path => path.List == list).Select(path => path.Path)];
            wire.Int(inList.Length);
            foreach (string path in inList)
                wire.Text(path);
        }

        byte[] record = wire.ToArray();
        var reader = new JuteReader(record);
        Assert.True(hasPersistent
            ? SetWatches2Request.TryRead(ref reader, out _)
            : SetWatchesRequest.TryRead(ref reader, out _));
        Assert.Equal(0, reader.Remaining);
        return record;
    }
}
