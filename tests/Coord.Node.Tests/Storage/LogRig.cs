using Coord.Node.Storage;
using Coord.Node.Tests.Members;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// A node's storage on a simulated disk, together with the model of what must be on it. Remembers the model's state
/// at each batch, and which batch was last called durable.
/// </summary>
internal sealed class LogRig
{
    public const string DataPath = "/data";
    public const string LogPath = "/data/log";

    private readonly List<string> _states = [];
    private LogModel _model = new();
    private long _sequence;

    public LogRig(ulong seed = 1, NodeLimits? limits = null)
    {
        Disk = new SimulatedDisk(seed);
        Limits = limits ?? SmallLimits;
        _states.Add(_model.Describe());
    }

    private LogRig(SimulatedDisk disk, NodeLimits limits)
    {
        Disk = disk;
        Limits = limits;
    }

    /// <summary>So small that a few batches fill a segment.</summary>
    public static NodeLimits SmallLimits { get; } = NodeLimits.Default with
    {
        SegmentBytes = 12 * 1024,
        FirstSegmentBytes = 8 * 1024,
        ZeroFillStepBytes = 4 * 1024,
        BackgroundFlushBytes = 4 * 1024,
        LogScanBytes = 1024,
        LogReadBytes = 1024,
        LogKeptBytes = 0,
    };

    public SimulatedDisk Disk { get; private set; }

    public NodeLimits Limits { get; }

    public RecordingObserver Observer { get; private set; } = new();

    public DataDirectory Directory { get; private set; } = null!;

    public LogWriter Writer { get; private set; } = null!;

    public RecoveredLog Recovered { get; private set; } = null!;

    /// <summary>All work behind the log is done between any two operations of its writer.</summary>
    public bool IsBackgroundFast { get; init; }

    /// <summary>Number of the state, in order of batches, that has been acknowledged.</summary>
    public int AcknowledgedState { get; private set; }

    /// <summary>Opens the directory, founds the cluster if it is new, and reads the log.</summary>
    public LogRig Start(bool fromSnapshot = false)
    {
        Disk.Meanwhile = null;
        Directory = DataDirectory.Open(Disk, DataPath, 1, Limits, 77, TimeProvider.System);
        if (!Directory.Identity.HasCluster)
            Directory.SetGenesis(99, [TestMember.Of(1, 77)]);

        Use(Directory.RecoverLog(fromSnapshot));
        return this;
    }

    /// <summary>Drops the log that was read: no snapshot reaches it.</summary>
    public void DiscardLog(string why) => Use(Directory.DiscardLog(why));

    public void Append(long first, int count, long term, int payloadBytes = 40, HardState? state = null)
    {
        var append = Appends.Many(++_sequence, first, count, term, payloadBytes, state);
        Writer.Enqueue(append);
        _model.Append(append);
    }

    /// <summary>Appends one entry of each kind.</summary>
    public void AppendKinds(long first, long term, params EntryKind[] kinds)
    {
        var append = Appends.Many(++_sequence, first, kinds.Length, term, payloadBytes: 40);
        var entries = append.Entries.Select((e, i) => e with { Kind = kinds[i] }).ToArray();
        Writer.Enqueue(append with { Entries = entries });
        _model.Append(append);
    }

    public void Mark(long index, long term, bool reset = false)
    {
        Writer.MarkSnapshot(new LogIndex(index), new Term(term), reset);
        _model.MarkSnapshot(index, term, reset);
    }

    /// <summary>Writes what is queued as one batch.</summary>
    public void Flush()
    {
        _states.Add(_model.Describe());
        Assert.True(Writer.RunOnce());
        AcknowledgedState = _states.Count - 1;
    }

    public void RunBackground()
    {
        while (Writer.RunBackgroundStep())
        {
            // Until nothing is left to do.
        }
    }

    /// <summary>
    /// Power is lost and the node starts again; its log must be what was acknowledged, or a later state.
    /// </summary>
    public void CrashAndCheck(CrashOutcome outcome)
    {
        Disk.Crash(outcome);
        Start();
        CheckRecovered();
    }

    public void CheckRecovered()
    {
        var found = DescribeRecovered();
        var state = _states.LastIndexOf(found);
        Assert.True(
            state >= AcknowledgedState,
            $"found: {found}\nacknowledged: {_states[AcknowledgedState]}\nwritten last: {_states[^1]}");
    }

    /// <summary>Whether the log was in this state once.</summary>
    public bool IsPastState(string state) => _states.Contains(state);

    /// <summary>The recovered log in the model's words, read back entry by entry.</summary>
    public string DescribeRecovered()
    {
        var entries = Recovered.ReadRecentEntries(long.MaxValue);
        for (var i = 0; i < entries.Count; i++)
        {
            Assert.Equal(Recovered.FirstIndex.Value + i, entries[i].Index.Value);
            Assert.True(Appends.IsAsMade(entries[i]), $"entry {entries[i].Index} is not what was written");
            Assert.Equal(TermOf(entries[i].Index), entries[i].Term);
        }

        Assert.Equal(Recovered.LastIndex.Value - Recovered.FirstIndex.Value + 1, entries.Count);
        return LogModel.Describe(
            Recovered.HardState,
            (Recovered.Mark.Index.Value, Recovered.Mark.Term.Value),
            Recovered.LastIndex.Value,
            entries.Select(e => (e.Index.Value, e.Term.Value)));
    }

    /// <summary>Goes on from what was recovered: the model forgets what was lost.</summary>
    public void ContinueFromRecovered()
    {
        _model = new LogModel();
        _model.Append(new LogAppend(0, Recovered.HardState, default, []));
        if (Recovered.Mark.Index.Value > 0)
            _model.MarkSnapshot(Recovered.Mark.Index.Value, Recovered.Mark.Term.Value, reset: true);

        var entries = Recovered.ReadRecentEntries(long.MaxValue);
        var newer = entries.Where(e => e.Index > Recovered.Mark.Index).ToArray();
        _model.Append(new LogAppend(0, null, default, newer));
        _states.Clear();
        _states.Add(_model.Describe());
        AcknowledgedState = 0;
    }

    /// <summary>An equal disk, on which nothing runs, for trying another ending.</summary>
    public LogRig Fork(ulong seed)
    {
        var fork = new LogRig(Disk.Clone(seed), Limits) { AcknowledgedState = AcknowledgedState };
        fork._states.AddRange(_states);
        return fork;
    }

    public string[] SegmentPaths() =>
        Disk.List(LogPath).Where(n => n.EndsWith(".seg", StringComparison.Ordinal)).Select(n => $"{LogPath}/{n}")
            .Order(StringComparer.Ordinal).ToArray();

    private void Use(RecoveredLog recovered)
    {
        Recovered = recovered;
        Observer = new RecordingObserver();
        Writer = new LogWriter(Disk, Recovered, Directory.Watermark, Limits, TimeProvider.System, Observer);
        _sequence = 0;
        Disk.Meanwhile = IsBackgroundFast ? RunBackground : null;
    }

    private Term TermOf(LogIndex index) => Recovered.TermRuns.Last(r => r.FirstIndex <= index).Term;
}
