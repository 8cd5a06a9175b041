namespace Coord.Raft.Tests;


/// <summary>What survives a crash of a test node: term and vote, entries, one snapshot.</summary>
internal sealed class TestDisk(Membership genesis, int featureLevel = 1)
{
    private readonly List<Entry> entries = [];
    private readonly HashSet<(LogIndex Index, Term Term)> lost = [];

    public HardState HardState { get; private set; }

    public TestSnapshot Snapshot { get; private set; } = new(default, default, 0, genesis, featureLevel);

    /// <summary>First entry still there.</summary>
    public LogIndex FirstIndex { get; private set; } = new(1);

    public LogIndex LastIndex => FirstIndex + (entries.Count - 1);

    public IReadOnlyList<Entry> Entries => entries;

    /// <summary>The durable flag of raft-design P30.</summary>
    public bool IsRecovering { get; set; }

    /// <summary>It lost something at some time: what it promised before may be promised again.</summary>
    public bool HasLost { get; private set; }

    public void Write(LogAppend append)
    {
        if (append.HardState is { } hardState)
            HardState = hardState;
        if (append.Entries.Count == 0)
            return;

        // Raft-design P12: an entry replaces everything at and above its index.
        TruncateAfter(append.FirstIndex.Previous);
        Assert.Equal(LastIndex.Next, append.FirstIndex);
        entries.AddRange(append.Entries);
    }

    public void Seed(HardState hardState, IEnumerable<Entry> log, LogIndex first)
    {
        HardState = hardState;
        FirstIndex = first;
        entries.AddRange(log);
    }

    public void SaveSnapshot(TestSnapshot snapshot) => Snapshot = snapshot;

    /// <summary>
    /// Loses the entries above <paramref name="last"/>, and what term and vote were, and knows it (raft-design P21).
    /// </summary>
    public void Lose(LogIndex last, HardState left)
    {
        foreach (var entry in entries.Where(entry => entry.Index > last))
            lost.Add((entry.Index, entry.Term));
        TruncateAfter(LogIndex.Max(last, FirstIndex.Previous));
        HardState = left;
        IsRecovering = true;
        HasLost = true;
    }

    /// <summary>It was durable here, until the disk lost it.</summary>
    public bool HeldOnce(LogIndex index, Term term) => Holds(index, term) || lost.Contains((index, term));

    /// <summary>A received snapshot replaces the whole log (raft-design S8).</summary>
    public void ResetTo(TestSnapshot snapshot)
    {
        Snapshot = snapshot;
        entries.Clear();
        FirstIndex = snapshot.Index.Next;
    }

    public void Compact(LogIndex first)
    {
        var gone = (int)Math.Clamp(first - FirstIndex, 0, entries.Count);
        entries.RemoveRange(0, gone);
        FirstIndex += gone;
    }

    /// <summary>Entries from <paramref name="first"/> on, or null when they were compacted.</summary>
    public IReadOnlyList<Entry>? Read(LogIndex first, long bytesMax)
    {
        if (first < FirstIndex)
            return null;

        var read = new List<Entry>();
        for (var i = (int)(first - FirstIndex); i < entries.Count; i++)
        {
            if (read.Count > 0 && (bytesMax -= entries[i].CountedBytes) < 0)
                break;
            read.Add(entries[i]);
        }

        return read;
    }

    public Entry EntryAt(LogIndex index) => entries[(int)(index - FirstIndex)];

    public bool Holds(LogIndex index, Term term)
    {
        if (index < FirstIndex)
            return index <= Snapshot.Index;
        return index <= LastIndex && entries[(int)(index - FirstIndex)].Term == term;
    }

    /// <summary>What a core would be told at start; it gets the newest <paramref name="tail"/> entries.</summary>
    public RaftStart ToStart(NodeId id, ulong seed, int tail = int.MaxValue)
    {
        var runs = new List<TermRun>();
        foreach (var entry in entries)
        {
            if (runs.Count == 0 || runs[^1].Term != entry.Term)
                runs.Add(new TermRun(entry.Index, entry.Term));
        }

        return new RaftStart
        {
            Id = id,
            Membership = Snapshot.Membership,
            FeatureLevel = Snapshot.FeatureLevel,
            MembershipEntries = [.. entries.Where(IsOfHistory)],
            IsRecovering = IsRecovering,
            Seed = seed,
            HardState = HardState,
            SnapshotIndex = Snapshot.Index,
            SnapshotTerm = Snapshot.Term,
            TermRuns = runs,
            LastIndex = LastIndex,
            Entries = entries.GetRange(Math.Max(0, entries.Count - tail), Math.Min(tail, entries.Count)),
        };
    }

    private bool IsOfHistory(Entry entry) =>
        entry.Index > Snapshot.Index && entry.Kind is EntryKind.Membership or EntryKind.FeatureLevel;

    private void TruncateAfter(LogIndex last)
    {
        var keep = (int)(last - FirstIndex + 1);
        Assert.True(keep >= 0, "Nothing below the log is rewritten.");
        if (keep < entries.Count)
            entries.RemoveRange(keep, entries.Count - keep);
    }
}
