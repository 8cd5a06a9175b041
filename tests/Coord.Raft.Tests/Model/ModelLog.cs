namespace Coord.Raft.Tests;

/// <summary>
/// All entries ever made in a run, as a tree: an entry knows the one before it. A log is then a single number, that of
/// its last entry, and the log of the root is empty.
/// </summary>
internal sealed class ModelLog
{
    public const int Most = 48;
    private readonly (int Previous, int Index, int Term, int PointNode, int PointProcess)[] entries = new
        (int Previous, int Index, int Term, int PointNode, int PointProcess)[Most];

    private int count;

    public bool IsFull => count == Most;

    public void Clear()
    {
        count = 1;
        entries[0] = (0, 0, 0, -1, 0);
    }

    public int Append(int log, int term, int pointNode = -1, int pointProcess = 0)
    {
        entries[count] = (log, entries[log].Index + 1, term, pointNode, pointProcess);
        return count++;
    }

    public int IndexOf(int log) => entries[log].Index;

    public int TermOf(int log) => entries[log].Term;

    /// <summary>Raft thesis 3.6.1: the last term decides, then the length.</summary>
    public bool IsUpToDate(int log, int other) =>
        TermOf(log) > TermOf(other) || (TermOf(log) == TermOf(other) && IndexOf(log) >= IndexOf(other));

    /// <summary>The first entries of a log.</summary>
    public int Cut(int log, int length)
    {
        while (entries[log].Index > length)
            log = entries[log].Previous;
        return log;
    }

    /// <summary>True when <paramref name="prefix"/> is all of, or the beginning of, <paramref name="log"/>.</summary>
    public bool IsPrefix(int prefix, int log) => Cut(log, entries[prefix].Index) == prefix;

    /// <summary>The last recovery point for a node, of one process or of any (0); the root when none is.</summary>
    public int PointFor(int node, int process, int log)
    {
        while (log != 0)
        {
            var entry = entries[log];
            if (entry.PointNode == node && (process == 0 || entry.PointProcess == process))
                return log;
            log = entry.Previous;
        }

        return 0;
    }
}
