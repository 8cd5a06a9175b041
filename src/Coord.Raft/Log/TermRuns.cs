namespace Coord.Raft;


/// <summary>
/// Term of every retained entry as a handful of pairs, so that elections and the search for a conflict never wait for
/// the disk (raft-design K4).
/// </summary>
internal sealed class TermRuns
{
    // Invariant: first indexes and terms strictly increase; runs[0] starts at BaseIndex.
    private readonly List<TermRun> runs = [];

    /// <summary>Starts with one known index: the last one before the log.</summary>
    public TermRuns(LogIndex baseIndex, Term baseTerm) => Reset(baseIndex, baseTerm);

    /// <summary>The lowest index whose term is known.</summary>
    public LogIndex BaseIndex => runs[0].FirstIndex;

    /// <summary>The highest index whose term is known.</summary>
    public LogIndex LastIndex { get; private set; }

    /// <summary>Term of the entry at <see cref="LastIndex"/>.</summary>
    public Term LastTerm => runs[^1].Term;

    /// <summary>How many runs there are.</summary>
    public int Count => runs.Count;

    /// <summary>Forgets everything but one index.</summary>
    public void Reset(LogIndex baseIndex, Term baseTerm)
    {
        runs.Clear();
        runs.Add(new TermRun(baseIndex, baseTerm));
        LastIndex = baseIndex;
    }

    /// <summary>Adds the entries up to <paramref name="last"/>, all of one term.</summary>
    public void Append(LogIndex last, Term term)
    {
        Invariant.Require(last > LastIndex, "Terms are added behind the last index.");
        Invariant.Require(term >= LastTerm, "Terms never decrease along the log.");
        if (term > LastTerm)
            runs.Add(new TermRun(LastIndex.Next, term));
        LastIndex = last;
    }

    /// <summary>Forgets everything above <paramref name="last"/>.</summary>
    public void TruncateAfter(LogIndex last)
    {
        Invariant.Require(last >= BaseIndex && last <= LastIndex, "Only known entries are truncated.");
        while (runs[^1].FirstIndex > last)
            runs.RemoveAt(runs.Count - 1);
        LastIndex = last;
    }

    /// <summary>Forgets everything below <paramref name="baseIndex"/>, which stays known.</summary>
    public void CompactTo(LogIndex baseIndex)
    {
        if (baseIndex <= BaseIndex)
            return;

        Invariant.Require(baseIndex <= LastIndex, "Only known entries are compacted.");
        var run = RunAt(baseIndex);
        runs[run] = runs[run] with { FirstIndex = baseIndex };
        runs.RemoveRange(0, run);
    }

    /// <summary>The term at <paramref name="index"/>, unless it is before or behind what is known.</summary>
    public bool TryTermAt(LogIndex index, out Term term)
    {
        if (index < BaseIndex || index > LastIndex)
        {
            term = default;
            return false;
        }

        term = runs[RunAt(index)].Term;
        return true;
    }

    /// <summary>
    /// The last index at or below <paramref name="limit"/> whose term is at most <paramref name="term"/>, but no
    /// lower
    /// than <see cref="BaseIndex"/> (raft-design R6).
    /// </summary>
    public LogIndex LastWithTermAtMost(LogIndex limit, Term term)
    {
        var index = LogIndex.Min(limit, LastIndex);
        if (index <= BaseIndex)
            return BaseIndex;

        for (var run = RunAt(index); run >= 0 && runs[run].Term > term; run--)
            index = runs[run].FirstIndex.Previous;
        return LogIndex.Max(index, BaseIndex);
    }

    /// <summary>The last index of the run that <paramref name="index"/> is in.</summary>
    public LogIndex EndOfRun(LogIndex index)
    {
        var run = RunAt(index);
        return run + 1 < runs.Count ? runs[run + 1].FirstIndex.Previous : LastIndex;
    }

    // Questions are nearly always about the end of the log, so the search starts there.
    private int RunAt(LogIndex index)
    {
        var run = runs.Count - 1;
        while (runs[run].FirstIndex > index)
            run--;
        return run;
    }
}
