using System.Text;

namespace Coord.StateMachine.Tests;

/// <summary>What a watch costs, all that the table holds for it counted in.</summary>
[Collection(nameof(WatchMemoryTests))]
public class WatchMemoryTests
{
    private const int BytesMax = 150;

    // Paths of 25 bytes, as in a directory of services. A connection's own entry, some 75 bytes, is spread over its ten
    // watches in the last row.
    [Theory]
    [InlineData(100_000, 1)]
    [InlineData(100_000, 100)]
    [InlineData(100_000, 10_000)]
    public void A_watch_on_a_path_of_its_own_takes_at_most_150_bytes(int watches, int watchers)
    {
        byte[][] paths =
            [.. Enumerable.Range(0, watches).Select(i => Encoding.UTF8.GetBytes($"/services/shop/n{i:D9}"))];
        Assert.Equal(25, paths[0].Length);
        Measure(watches, watchers, i => paths[i]);
    }

    [Fact]
    public void A_watch_on_a_znode_that_ten_thousand_connections_watch_takes_at_most_150_bytes() =>
        Measure(watches: 10_000, watchers: 10_000, _ => "/services/shop/leader"u8.ToArray());

    private static void Measure(int watches, int watchers, Func<int, byte[]> pathOf)
    {
        object[] connections = [.. Enumerable.Range(0, watchers).Select(_ => new object())];

        // An empty table has a page for paths that is memory only as it fills: 1 MiB, whatever is watched.
        var table = new WatchTable<object>();
        table.TryAdd(WatchKind.Data, "/"u8, connections[0]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < watches; i++)
            Assert.True(table.TryAdd(WatchKind.Data, pathOf(i), connections[i % watchers]));

        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)watches;
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes:F1} bytes a watch");
        Assert.InRange(bytes, 20, BytesMax);
        Assert.Equal((watches + 1, watchers), (table.DataCount, table.WatcherCount));
        GC.KeepAlive(connections);
    }

    /// <summary>Nothing else may allocate while memory is measured.</summary>
    [CollectionDefinition(nameof(WatchMemoryTests), DisableParallelization = true)]
    public class Alone;
}
