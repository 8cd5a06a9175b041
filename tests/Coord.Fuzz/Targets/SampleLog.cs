using Coord.Fuzz.Bytes;
using Coord.Fuzz.Files;
using Coord.Node;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Fuzz.Targets;

/// <summary>A valid log of some segments, written by the log writer, and what it was after each batch.</summary>
internal sealed class SampleLog
{
    private const string Folder = "/log";

    private static readonly LogIdentity Identity = new(99, 1, 77);

    private static readonly NodeLimits Limits = NodeLimits.Default with
    {
        SegmentBytes = 12 * 1024,
        FirstSegmentBytes = 8 * 1024,
        ZeroFillStepBytes = 4 * 1024,
        BackgroundFlushBytes = 4 * 1024,
        LogScanBytes = 2 * 1024,
        LogReadBytes = 2 * 1024,
    };

    private readonly List<LogState> _states = [];
    private long _sequence;

    public SampleLog(CaseRandom random)
    {
        new SegmentFactory(Files, Folder, Limits).CreateFirst(Identity);
        var recovered = Recover(Files, 0, _ => { });
        using var writer = WriterFor(Files, recovered);
        var state = LogState.Of(recovered);
        _states.Add(state);
        for (var batches = random.Between(2, 24); batches > 0; batches--)
        {
            state = Write(writer, state, random);
            _states.Add(state);
        }

        LastBatch = BatchOf(Files);
    }

    public MemoryFiles Files { get; } = new();

    public IReadOnlyList<LogState> States => _states;

    /// <summary>Number of the last batch: what a watermark says at best.</summary>
    public long LastBatch { get; }

    public static RecoveredLog Recover(MemoryFiles files, long durableBatch, Action<string> mark) =>
        new LogRecovery(files, Folder, Identity, Limits).Run(durableBatch, mark);

    public static LogWriter WriterFor(MemoryFiles files, RecoveredLog recovered) =>
        new(files, recovered, new Watermark(files, "/watermark"), Limits, TimeProvider.System, new NoObserver());

    /// <summary>The newest state that this could be: entries that a snapshot stands for may be gone.</summary>
    public int? FindState(LogState found, bool isDamaged)
    {
        for (var i = _states.Count - 1; i >= 0; i--)
        {
            if (found.IsWhatIsLeftOf(_states[i]))
                return i;
        }

        // Where nothing could be read, the log begins anew, and says so.
        return isDamaged && found.IsEmpty ? 0 : null;
    }

    private static long BatchOf(MemoryFiles files) => Recover(files.Copy(), 0, _ => { }).Tail.Batch;

    private LogState Write(LogWriter writer, LogState state, CaseRandom random)
    {
        for (var items = random.Between(1, 3); items > 0; items--)
        {
            switch (random.Below(12))
            {
                case 0 when state.LastIndex > state.MarkIndex:
                    var marked = random.Between((int)state.MarkIndex + 1, (int)state.LastIndex);
                    var term = state.TermAt(marked);
                    writer.MarkSnapshot(new LogIndex(marked), new Term(term));
                    state = state.Marked(marked, term);
                    break;
                case 1 when random.Chance(0.3):
                    var installed = state.LastIndex + random.Between(1, 20);
                    writer.MarkSnapshot(new LogIndex(installed), new Term(state.LastTerm), reset: true);
                    state = state.Reset(installed, state.LastTerm);
                    break;
                default:
                    var append = Append(state, random);
                    writer.Enqueue(append);
                    state = state.Appended(append);
                    break;
            }
        }

        writer.RunOnce();
        return state;
    }

    private LogAppend Append(LogState state, CaseRandom random)
    {
        var term = state.LastTerm + (random.Chance(0.2) ? 1 : 0);
        var isOverwriting = term > state.LastTerm && random.Chance(0.5);
        var first = isOverwriting
            ? random.Between((int)Math.Max(state.FirstIndex, state.MarkIndex + 1), (int)state.LastIndex + 1)
            : state.LastIndex + 1;
        Entry[] entries =
        [
            .. Enumerable.Range(0, random.Below(5)).Select(i => new Entry(
                new Term(term),
                new LogIndex(first + i),
                EntryKind.Command,
                random.Chance(0.2) ? new byte[random.Below(1500)] : random.Bytes(random.Below(300)))),
        ];
        HardState? vote = random.Chance(0.3) ? new HardState(new Term(term), new NodeId(random.Between(1, 3))) : null;
        return new LogAppend(++_sequence, vote, new LogIndex(first), entries);
    }

    private sealed class NoObserver : ILogObserver
    {
        public void Persisted(long sequence)
        {
            // Written and read in one thread.
        }

        public void SnapshotMarked(LogIndex index, Term term)
        {
            // Nothing is released here.
        }
    }
}
