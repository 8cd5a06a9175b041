namespace Coord.Raft;


/// <summary>
/// The log as the core sees it: recent entries, all terms, what is durable, what the snapshot covers.
/// </summary>
internal sealed class RaftLog
{
    private readonly LogWindow window;
    private readonly TermRuns terms;
    private readonly PersistTracker tracker;
    private readonly SliceCache slices = new();

    // Invariant: entries below this index are in an append that was handed out.
    private LogIndex nextToHand;

    /// <summary>Starts from what the disk holds.</summary>
    public RaftLog(RaftStart start)
    {
        SnapshotIndex = start.SnapshotIndex;
        SnapshotTerm = start.SnapshotTerm;
        terms = RecoverTerms(start);
        FirstIndex = start.TermRuns.Count > 0 ? start.TermRuns[0].FirstIndex : start.SnapshotIndex.Next;
        tracker = new PersistTracker(start.LastIndex);
        nextToHand = start.LastIndex.Next;
        window = new LogWindow(start.Entries.Count > 0 ? start.Entries[0].Index.Previous : start.LastIndex);
        foreach (var entry in start.Entries)
        {
            entry.RequireKnownKind();
            window.Append(entry);
        }

        Invariant.Require(window.LastIndex == LastIndex, "The newest entries end at the last index.");
        Invariant.Require(LastIndex == start.LastIndex, "The terms end at the last index.");
        Invariant.Require(LastIndex >= SnapshotIndex, "The log reaches its snapshot.");
    }

    /// <summary>Index of the last entry, or of the snapshot.</summary>
    public LogIndex LastIndex => terms.LastIndex;

    /// <summary>Term of the last entry.</summary>
    public Term LastTerm => terms.LastTerm;

    /// <summary>First entry that the disk still has.</summary>
    public LogIndex FirstIndex { get; private set; }

    /// <summary>Last index of the newest durable snapshot.</summary>
    public LogIndex SnapshotIndex { get; private set; }

    /// <summary>Term of the entry there.</summary>
    public Term SnapshotTerm { get; private set; }

    /// <summary>Everything up to here is durable.</summary>
    public LogIndex Durable => tracker.Durable;

    /// <summary>Recent entries, for reading.</summary>
    public LogWindow Window => window;

    /// <summary>Outstanding appends, for reading.</summary>
    public PersistTracker Tracker => tracker;

    /// <summary>All known terms, for reading.</summary>
    public TermRuns Terms => terms;

    /// <summary>True when the log holds an entry of that term at that index, or did before compaction.</summary>
    public bool Matches(LogIndex index, Term term) => terms.TryTermAt(index, out var own) && own == term;

    /// <summary>The term at a known index.</summary>
    public Term TermAt(LogIndex index)
    {
        Invariant.Require(terms.TryTermAt(index, out var term), "The term of a retained entry is known.");
        return term;
    }

    /// <summary>Adds the next entry, in memory.</summary>
    public void Append(in Entry entry)
    {
        terms.Append(entry.Index, entry.Term);
        window.Append(entry);
    }

    /// <summary>
    /// Removes everything above <paramref name="last"/>, in memory; the next append tells the disk (P12).
    /// </summary>
    public void TruncateAfter(LogIndex last)
    {
        slices.Clear();
        terms.TruncateAfter(last);
        window.TruncateAfter(last);
        tracker.Truncated(last);
        nextToHand = LogIndex.Min(nextToHand, last.Next);
    }

    /// <summary>A received snapshot replaced the whole log, durably (raft-design S8).</summary>
    public void ResetTo(LogIndex index, Term term)
    {
        slices.Clear();
        terms.Reset(index, term);
        window.Reset(index);
        tracker.Reset(index);
        nextToHand = index.Next;
        SnapshotIndex = index;
        SnapshotTerm = term;
        FirstIndex = index.Next;
    }

    /// <summary>A local snapshot is durable.</summary>
    public void SnapshotTaken(LogIndex index, Term term)
    {
        if (index <= SnapshotIndex)
            return;

        SnapshotIndex = index;
        SnapshotTerm = term;
    }

    /// <summary>Entries below <paramref name="first"/> are gone from the disk.</summary>
    public void CompactedTo(LogIndex first)
    {
        if (first <= FirstIndex)
            return;

        Invariant.Require(first <= SnapshotIndex.Next, "Only entries below a durable snapshot are deleted.");
        FirstIndex = first;
        terms.CompactTo(first.Previous);
    }

    /// <summary>The next append for the log writer, or null when nothing changed.</summary>
    public LogAppend? TakeAppend(HardState? hardState)
    {
        if (hardState is null && nextToHand > LastIndex)
            return null;

        var first = nextToHand;
        var entries = first > LastIndex ? [] : Slice(first, LastIndex);
        nextToHand = LastIndex.Next;
        return new LogAppend(tracker.Hand(LastIndex), hardState, first, entries);
    }

    /// <summary>An array with these entries, shared by all who ask for the same range in one turn.</summary>
    public Entry[] Slice(LogIndex first, LogIndex last)
    {
        if (slices.TryGet(first, last, out var entries))
            return entries;

        entries = new Entry[last - first + 1];
        window.CopyTo(first, entries);
        slices.Add(first, last, entries);
        return entries;
    }

    /// <summary>Offers an array that holds just the entries from <paramref name="first"/> on.</summary>
    public void Share(LogIndex first, Entry[] entries) => slices.Add(first, first + (entries.Length - 1), entries);

    /// <summary>
    /// End of a turn: forgets shared arrays, and old entries already handed to apply. What some peer still lacks goes
    /// when the window is full (raft-design R21), the rest at once but for a little.
    /// </summary>
    public void Trim(LogIndex handedOut, LogIndex acknowledged, RaftSettings settings)
    {
        slices.Clear();
        var keep = LogIndex.Min(handedOut.Next, nextToHand);
        window.Evict(LogIndex.Min(keep, acknowledged.Next), settings.LogWindowSpareBytes);
        window.Evict(keep, settings.LogWindowBytesMax);
    }

    private static TermRuns RecoverTerms(RaftStart start)
    {
        // The term before the first retained entry is known only where the snapshot ends just there.
        var atSnapshot = start.TermRuns.Count == 0 || start.TermRuns[0].FirstIndex > start.SnapshotIndex;
        var terms = atSnapshot
            ? new TermRuns(start.SnapshotIndex, start.SnapshotTerm)
            : new TermRuns(start.TermRuns[0].FirstIndex, start.TermRuns[0].Term);
        for (var i = 0; i < start.TermRuns.Count; i++)
        {
            var end = i + 1 < start.TermRuns.Count ? start.TermRuns[i + 1].FirstIndex.Previous : start.LastIndex;
            if (end > terms.LastIndex)
                terms.Append(end, start.TermRuns[i].Term);
        }

        foreach (var entry in start.Entries)
        {
            if (entry.Index > terms.LastIndex)
                terms.Append(entry.Index, entry.Term);
        }

        return terms;
    }
}
