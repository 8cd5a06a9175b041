namespace Coord.Raft.Tests;

/// <summary>What must never be contradicted, whoever forgets what (Raft thesis figure 3.2).</summary>
internal sealed class ModelHistory(ModelLog log)
{
    private readonly int[] leaderOfTerm = new int[ModelRun.TermsMax + 1];
    private readonly int[] committedInTerm = new int[ModelRun.TermsMax + 1];

    /// <summary>What went wrong first; null while all is well.</summary>
    public string? Violation { get; private set; }

    /// <summary>The longest log that any leader called committed.</summary>
    public int Committed { get; private set; }

    public void Clear()
    {
        Array.Fill(leaderOfTerm, ModelNode.Nobody);
        Array.Clear(committedInTerm);
        Committed = 0;
        Violation = null;
    }

    /// <summary>Election safety and leader completeness.</summary>
    public void Elected(int node, int term, int itsLog)
    {
        Require(leaderOfTerm[term] is ModelNode.Nobody, "two leaders in a term");
        leaderOfTerm[term] = node;
        for (var earlier = 1; earlier < term; earlier++)
            Require(log.IsPrefix(committedInTerm[earlier], itsLog), "a leader misses a committed entry");
    }

    /// <summary>State machine safety.</summary>
    public void Commit(int term, int committed)
    {
        Require(
            log.IsPrefix(committed, Committed) || log.IsPrefix(Committed, committed),
            "two entries are committed at one index");
        committedInTerm[term] = committed;
        if (log.IndexOf(committed) > log.IndexOf(Committed))
            Committed = committed;
    }

    /// <summary>A barrier covers all that was committed anywhere before it began.</summary>
    public void Read(int atCommit, int committedAnywhere) =>
        Require(atCommit >= committedAnywhere, "a read misses a committed entry");

    /// <summary>Nobody takes back what it knows to be committed.</summary>
    public void Require(bool holds, string violation)
    {
        if (!holds)
            Violation ??= violation;
    }
}
