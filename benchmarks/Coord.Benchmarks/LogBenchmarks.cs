using BenchmarkDotNet.Attributes;
using Coord.Node;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Benchmarks;

/// <summary>The log writer on the disk of the temporary folder; times are for each entry of a batch.</summary>
public class LogBenchmarks
{
    private const int Batch = 512;
    private const int PayloadBytes = 200;
    private const int KeptMax = 1_000_000;
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(5);

    private readonly BatchEncoder _encoder = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("coord-benchmark-").FullName;
    private readonly byte[] _payload = new byte[PayloadBytes];
    private readonly Observer _observer = new();
    private readonly ThreadSignal _ended = new();
    private Entry[] _entries = [];
    private DataDirectory? _directory;
    private LogWriter? _writer;
    private Thread? _background;
    private long _next = 1;
    private long _keptFrom = 1;

    [GlobalSetup]
    public void Open()
    {
        Array.Fill(_payload, (byte)'x');
        _entries = Entries(1, Batch);
        _directory = DataDirectory.Open(
            new LinuxFileSystem(), _folder, 1, NodeLimits.Default, newIncarnation: 77, TimeProvider.System);
        var address = new NodeAddress("127.0.0.1", 1);
        _directory.SetGenesis(99, [new Member(new NodeId(1), 77, address, address, address)]);
        _writer = WriterOf(_directory);
        _background = new Thread(PrepareSegments) { IsBackground = true };
        _background.Start();
    }

    [GlobalCleanup]
    public void Close()
    {
        _ended.Set();
        _background?.Join();
        _writer?.Dispose();
        _directory?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int EncodeBatch()
    {
        _encoder.Begin(batch: 1, previousCrc: 0, salt: 1);
        _encoder.AddEntries(0, _entries);
        _encoder.EndBatch();
        return _encoder.Length;
    }

    /// <summary>One write and one fdatasync.</summary>
    [Benchmark]
    public long AppendOneAndFlush() => Append(1);

    [Benchmark(OperationsPerInvoke = Batch)]
    public long AppendBatchAndFlush() => Append(Batch);

    private long Append(int count)
    {
        var entries = Entries(_next, count);
        _writer!.Enqueue(new LogAppend(_next, null, new LogIndex(_next), entries));
        _next += count;
        _writer.RunOnce();
        if (_next - _keptFrom > KeptMax)
            Shorten();
        return _observer.LastPersisted;
    }

    // As behind a snapshot: however long it runs, the folder stays small.
    private void Shorten()
    {
        _writer!.MarkSnapshot(new LogIndex(_next - 1), new Term(1));
        _writer.RunOnce();
        _writer.Compact(new LogIndex(_next));
        _keptFrom = _next;
    }

    private LogWriter WriterOf(DataDirectory directory) => new(
        new LinuxFileSystem(), directory.RecoverLog(), directory.Watermark, NodeLimits.Default, TimeProvider.System,
        _observer);

    private Entry[] Entries(long first, int count)
    {
        var entries = new Entry[count];
        for (var i = 0; i < count; i++)
            entries[i] = new Entry(new Term(1), new LogIndex(first + i), EntryKind.Command, _payload);
        return entries;
    }

    // As the node's background thread does it: the next segment is ready when the last is full.
    private void PrepareSegments()
    {
        while (!_ended.Wait(_writer!.RunBackgroundStep() ? TimeSpan.Zero : IdleWait))
        {
            // Each round is one step.
        }
    }

    private sealed class Observer : ILogObserver
    {
        public long LastPersisted { get; private set; }

        public void Persisted(long sequence) => LastPersisted = sequence;

        public void SnapshotMarked(LogIndex index, Term term)
        {
            // No snapshots are taken here.
        }
    }
}
