using BenchmarkDotNet.Attributes;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Benchmarks;

/// <summary>Setting watches and finding whom a change concerns, beside 100,000 watches on other znodes.</summary>
public class WatchBenchmarks
{
    private const int Others = 100_000;
    private const int Watchers = 1_000;

    private readonly WatchTable<object> _table = new();
    private readonly object[] _watchers = [.. Enumerable.Range(0, Watchers).Select(_ => new object())];
    private readonly CountingSink _sink = new();

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < Others; i++)
        {
            var path = System.Text.Encoding.UTF8.GetBytes($"/services/n{i:d9}");
            _table.TryAdd(WatchKind.Data, path, _watchers[i % Watchers]);
        }
    }

    [Benchmark]
    public int OneWatcher() => Tell(1);

    /// <summary>A time for each watcher.</summary>
    [Benchmark(OperationsPerInvoke = Watchers)]
    public int ThousandWatchers() => Tell(Watchers);

    private int Tell(int count)
    {
        _sink.Told = 0;
        for (var i = 0; i < count; i++)
            _table.TryAdd(WatchKind.Data, "/watched"u8, _watchers[i]);
        _table.Trigger(new ZnodeChange(WatchEventType.NodeDataChanged, "/watched"u8), zxid: 1, _sink);
        return _sink.Told;
    }

    private sealed class CountingSink : IWatchSink<object>
    {
        public int Told { get; set; }

        public void OnEvent(object watcher, long zxid, in ZnodeChange change) => Told++;
    }
}
