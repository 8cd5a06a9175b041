using System.Text;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>The table's own promises: limits, lists in steps, and a sink that changes it.</summary>
public class WatchTableTests
{
    [Fact]
    public void A_sink_may_add_and_remove_watches_while_it_is_told()
    {
        var table = new WatchTable<int>();
        for (int watcher = 0; watcher < 10; watcher++)
            table.TryAdd(WatchKind.Data, "/a"u8, watcher);
        var sink = new Renewing(table);
        table.Trigger(new ZnodeChange(WatchEventType.NodeDataChanged, "/a"u8), 1, sink);
        Assert.Equal(Enumerable.Range(0, 10), sink.Told);
        Assert.Equal(9, table.DataCount);
    }

    // Danger: ZooKeeper takes any text for a path to watch, so no bytes at all come in too.
    [Fact]
    public void An_empty_path_can_be_watched_and_forgotten()
    {
        var table = new WatchTable<string>();
        Assert.True(table.TryAdd(AddWatchMode.PersistentRecursive, ""u8, "ann"));
        Assert.Equal(1, table.PathCount);
        Assert.True(table.Remove(WatcherType.Any, ""u8, "ann"));
        Assert.Equal(0, table.PathCount);
    }

    [Fact]
    public void A_watcher_at_its_limit_of_watches_sets_no_more_but_keeps_what_it_has()
    {
        var table = new WatchTable<string>(new WatchLimits(WatchesMax: 3, PathBytesMax: 1_000), indexSeed: 1);
        Assert.True(table.TryAdd(WatchKind.Data, "/a"u8, "ann"));
        Assert.True(table.TryAdd(WatchKind.Child, "/a"u8, "ann"));

        // A persistent one on another path is two.
        Assert.False(table.TryAdd(AddWatchMode.Persistent, "/b"u8, "ann"));
        Assert.Equal((1, 1, 1), (table.DataCount, table.ChildCount, table.PathCount));
        Assert.True(table.TryAdd(AddWatchMode.PersistentRecursive, "/b"u8, "ann"));
        Assert.False(table.TryAdd(WatchKind.Data, "/c"u8, "ann"));

        // What it has may be asked for again, in another mode too; and others are not concerned.
        Assert.True(table.TryAdd(WatchKind.Data, "/a"u8, "ann"));
        Assert.True(table.TryAdd(AddWatchMode.Persistent, "/a"u8, "ann"));
        Assert.True(table.TryAdd(WatchKind.Data, "/c"u8, "bob"));

        Assert.True(table.Remove(WatcherType.Any, "/b"u8, "ann"));
        Assert.True(table.TryAdd(WatchKind.Data, "/c"u8, "ann"));
    }

    [Fact]
    public void A_watcher_at_its_limit_of_path_bytes_sets_no_more()
    {
        var table = new WatchTable<string>(new WatchLimits(WatchesMax: 100, PathBytesMax: 10), indexSeed: 1);
        Assert.True(table.TryAdd(WatchKind.Data, "/12345"u8, "ann"));
        Assert.False(table.TryAdd(WatchKind.Child, "/1234"u8, "ann"));
        Assert.False(table.TryAdd(AddWatchMode.Persistent, "/12"u8, "ann"));
        Assert.True(table.TryAdd(WatchKind.Child, "/123"u8, "ann"));
        Assert.False(table.TryAdd(WatchKind.Child, "/"u8, "ann"));
        Assert.True(table.TryAdd(WatchKind.Child, "/123"u8, "ann"));
        table.Trigger(new ZnodeChange(WatchEventType.NodeDataChanged, "/12345"u8), 1, new Ignoring());
        Assert.True(table.TryAdd(WatchKind.Child, "/45678"u8, "ann"));
    }

    [Fact]
    public void All_watches_can_be_listed_in_steps()
    {
        var table = new WatchTable<string>();
        table.TryAdd(WatchKind.Data, "/a"u8, "ann");
        table.TryAdd(AddWatchMode.Persistent, "/a"u8, "ann");
        table.TryAdd(AddWatchMode.PersistentRecursive, "/a"u8, "bob");
        var listing = new Listing();
        int calls = 0;
        for (int from = 0; from >= 0; calls++)
            from = table.Visit(from, watchesMax: 1, pathBytesMax: 1_000, listing);
        Assert.Equal(
            ["ann /a Data Standard, Persistent", "ann /a Child Persistent", "bob /a Recursive PersistentRecursive"],
            listing.Lines);
        Assert.Equal(3, calls);
        Assert.Equal(-1, new WatchTable<string>().Visit(0, 1, 1, listing));
    }

    // Danger: a list that is made in several turns shows a watch twice or not at all because others changed meanwhile.
    [Fact]
    public void A_watch_that_stays_is_listed_once_whatever_changes_between_the_steps()
    {
        var table = new WatchTable<int>();
        for (int i = 0; i < 3_000; i++)
            table.TryAdd(WatchKind.Data, Path(i), i % 7);
        var listing = new Listing();
        int step = 0;
        for (int from = 0; from >= 0; step++)
        {
            from = table.Visit(from, watchesMax: 100, pathBytesMax: 500, listing);
            for (int i = 0; i < 20; i++)
            {
                table.Remove(WatcherType.Data, Path((((step * 20) + i) * 3) + 1), (((step * 20) + i) * 3 + 1) % 7);
                table.TryAdd(WatchKind.Child, Path(10_000 + (step * 20) + i), 3);
            }
        }

        var stayed = listing.Lines.Where(line => line.EndsWith("Data Standard", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split(' ')[1][5..])).Where(i => i % 3 != 1);
        Assert.Equal(Enumerable.Range(0, 3_000).Where(i => i % 3 != 1), stayed.Order());
        Assert.InRange(step, 3_000 / 100, int.MaxValue);

        static byte[] Path(int number) => Encoding.UTF8.GetBytes($"/path{number}");
    }

    [Fact]
    public void A_step_of_a_list_ends_with_the_bytes_that_it_may_show()
    {
        var table = new WatchTable<string>();
        foreach (char name in "abcd")
            table.TryAdd(WatchKind.Data, Encoding.UTF8.GetBytes("/" + new string(name, 99)), "ann");
        var listing = new Listing();
        int from = table.Visit(0, watchesMax: 100, pathBytesMax: 150, listing);
        Assert.Equal(2, listing.Lines.Count);
        Assert.Equal(-1, table.Visit(from, watchesMax: 100, pathBytesMax: 1_000, listing));
        Assert.Equal(4, listing.Lines.Count);
    }

    private sealed class Ignoring : IWatchSink<string>
    {
        public void OnEvent(string watcher, long zxid, in ZnodeChange change)
        {
        }
    }

    private sealed class Listing : IWatchVisitor<string>, IWatchVisitor<int>
    {
        public List<string> Lines { get; } = [];

        public void Visit(string watcher, ReadOnlySpan<byte> path, WatchKind kind, WatchModes modes) =>
            Lines.Add($"{watcher} {Encoding.UTF8.GetString(path)} {kind} {modes}");

        public void Visit(int watcher, ReadOnlySpan<byte> path, WatchKind kind, WatchModes modes) =>
            Visit($"{watcher}", path, kind, modes);
    }

    private sealed class Renewing(WatchTable<int> table) : IWatchSink<int>
    {
        public List<int> Told { get; } = [];

        public void OnEvent(int watcher, long zxid, in ZnodeChange change)
        {
            Told.Add(watcher);
            table.TryAdd(WatchKind.Data, change.Path, watcher);
            if (watcher == 9)
                table.Forget(0, int.MaxValue);
        }
    }
}
