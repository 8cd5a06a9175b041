using System.Buffers;
using BenchmarkDotNet.Attributes;
using Coord.Node;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Benchmarks;

/// <summary>
/// What a node does between its start and its first answer: reads its log, loads its snapshot, applies the entries
/// behind it. Times are for each entry or znode, and those of code that is warm; a node's own start has it cold.
/// </summary>
public class RestartBenchmarks
{
    private const int Znodes = 50_000;
    private const int Entries = 100_000;
    private const int Batch = 500;
    private const int StepZnodes = 2_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("coord-benchmark-").FullName;
    private readonly List<byte[]> _chunks = [];
    private readonly List<byte[]> _entries = [];
    private DataDirectory? _directory;

    [GlobalSetup]
    public void Prepare()
    {
        var feed = new TreeFeed { Applied = _entries };
        feed.Fill("/services", Znodes);
        var paths = Enumerable.Range(0, Znodes).Select(i => Requests.Set($"/services/n{i:d9}")).ToArray();
        for (var i = 0; _entries.Count < Entries; i++)
            feed.Apply(feed.Entry(paths[i % Znodes]));
        using var cursor = feed.Tree.BeginSnapshot();
        while (!cursor.IsComplete)
        {
            var chunk = new ArrayBufferWriter<byte>();
            cursor.WriteNext(chunk, StepZnodes);
            _chunks.Add(chunk.WrittenSpan.ToArray());
        }

        WriteLog();
    }

    [GlobalCleanup]
    public void Close()
    {
        _directory?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Znodes of a snapshot, checked and made findable.</summary>
    [Benchmark(OperationsPerInvoke = Znodes)]
    public int LoadSnapshot()
    {
        var loader = new SnapshotLoader(1);
        foreach (var chunk in _chunks)
            loader.Add(chunk);
        return loader.Complete()!.ZnodeCount;
    }

    /// <summary>Entries of a log: checksums, places, where it ends.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long ScanLog() => _directory!.RecoverLog().LastIndex.Value;

    /// <summary>The same read back as the core wants them.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long ScanAndReadLog() => _directory!.RecoverLog().ReadRecentEntries(long.MaxValue).Count;

    /// <summary>Entries applied to an empty tree, creates first, then sets.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public ulong ApplyLog()
    {
        var tree = new ZnodeTree(indexSeed: 1);
        var index = 0L;
        foreach (var entry in _entries)
            tree.Apply(++index, entry);
        return tree.RollingDigest;
    }

    private void WriteLog()
    {
        _directory = DataDirectory.Open(
            new LinuxFileSystem(), _folder, 1, NodeLimits.Default, newIncarnation: 77, TimeProvider.System);
        var address = new NodeAddress("127.0.0.1", 1);
        _directory.SetGenesis(99, [new Member(new NodeId(1), 77, address, address, address)]);
        using var writer = new LogWriter(
            new LinuxFileSystem(), _directory.RecoverLog(), _directory.Watermark, NodeLimits.Default,
            TimeProvider.System, new NoObserver());
        for (var first = 0; first < _entries.Count; first += Batch)
        {
            var batch = _entries.Skip(first).Take(Batch).Select((bytes, i) =>
                new Entry(new Term(1), new LogIndex(first + i + 1), EntryKind.Command, bytes)).ToArray();
            writer.Enqueue(new LogAppend(first + 1, null, new LogIndex(first + 1), batch));
            writer.RunOnce();
        }
    }

    private sealed class NoObserver : ILogObserver
    {
        public void Persisted(long sequence)
        {
            // Nobody waits for it.
        }

        public void SnapshotMarked(LogIndex index, Term term)
        {
            // No snapshots are taken here.
        }
    }
}
