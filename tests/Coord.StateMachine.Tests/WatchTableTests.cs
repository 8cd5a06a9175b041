using System.Text;
using Coord.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.StateMachine.Tests;

/// <summary>The watch table against a plain list of (table, path, watcher).</summary>
public class WatchTableTests
{
    private static readonly string[] Paths = ["/", "/a", "/a/b", "/c", ""];

    [Fact]
    public void Any_series_of_calls_gives_the_events_of_a_plain_list() =>
        Prop.ForAll(Calls(), calls =>
        {
            var table = new WatchTable<int>();
            var list = new List<(WatchKind Kind, string Path, int Watcher)>();
            foreach (var (call, path, watcher) in calls)
            {
                Assert.Equal(Expect(list, call, path, watcher), Run(table, call, path, watcher));
                Assert.Equal(list.Count(w => w.Kind == WatchKind.Data), table.DataCount);
                Assert.Equal(list.Count(w => w.Kind == WatchKind.Child), table.ChildCount);
                Assert.Equal(list.Select(w => w.Path).Distinct().Count(), table.PathCount);
                Assert.Equal(list.Select(w => w.Watcher).Distinct().Count(), table.WatcherCount);
                foreach (var kind in new[] { WatchKind.Data, WatchKind.Child })
                    Assert.Equal(list.Contains((kind, path, watcher)), table.Contains(kind, Utf8(path), watcher));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_sink_may_add_and_remove_watches_while_it_is_told()
    {
        var table = new WatchTable<int>();
        for (int watcher = 0; watcher < 10; watcher++)
            table.Add(WatchKind.Data, "/a"u8, watcher);
        var sink = new Renewing(table);
        table.Trigger(new ZnodeChange(WatchEventType.NodeDataChanged, "/a"u8), 1, sink);
        Assert.Equal(Enumerable.Range(0, 10), sink.Told);
        Assert.Equal(9, table.DataCount);
    }

    private static List<int> Run(WatchTable<int> table, int call, string path, int watcher)
    {
        var sink = new Told();
        switch (call)
        {
            case 0 or 1:
                table.Add((WatchKind)call, Utf8(path), watcher);
                break;
            case 2:
                table.RemoveAll(watcher);
                break;
            default:
                table.Trigger(new ZnodeChange((WatchEventType)(call - 2), Utf8(path)), 5, sink);
                break;
        }

        return sink.Watchers;
    }

    private static List<int> Expect(
        List<(WatchKind Kind, string Path, int Watcher)> list, int call, string path, int who)
    {
        if (call is 0 or 1)
        {
            if (!list.Contains(((WatchKind)call, path, who)))
                list.Add(((WatchKind)call, path, who));
            return [];
        }

        if (call == 2)
        {
            list.RemoveAll(w => w.Watcher == who);
            return [];
        }

        var type = (WatchEventType)(call - 2);
        var fired = list.Where(w => w.Path == path).Where(w => type == WatchEventType.NodeDeleted
            || w.Kind == (type == WatchEventType.NodeChildrenChanged ? WatchKind.Child : WatchKind.Data))
            .OrderBy(w => w.Kind).ToList();
        list.RemoveAll(fired.Contains);
        return [.. fired.Select(w => w.Watcher).Distinct()];
    }

    // Add data or child, remove a watcher, or one of the four kinds of change.
    private static Arbitrary<(int Call, string Path, int Watcher)[]> Calls() => Arb.From(
        from count in Gen.Choose(1, 80)
        from calls in Gen.ArrayOf(
            from call in Gen.Elements(0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6)
            from path in Gen.Elements(Paths)
            from watcher in Gen.Choose(1, 6)
            select (call, path, watcher), count)
        select calls);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private sealed class Told : IWatchSink<int>
    {
        public List<int> Watchers { get; } = [];

        public void OnEvent(int watcher, long zxid, WatchEventType type, ReadOnlySpan<byte> path) =>
            Watchers.Add(watcher);
    }

    private sealed class Renewing(WatchTable<int> table) : IWatchSink<int>
    {
        public List<int> Told { get; } = [];

        public void OnEvent(int watcher, long zxid, WatchEventType type, ReadOnlySpan<byte> path)
        {
            Told.Add(watcher);
            table.Add(WatchKind.Data, path, watcher);
            if (watcher == 9)
                table.RemoveAll(0);
        }
    }
}
