namespace Coord.Raft;


/// <summary>
/// Which index each outstanding append makes durable (raft-design K2). A truncation lowers them all, so that a report
/// about overwritten entries can never mark the newer ones at the same indexes durable (BC12).
/// </summary>
internal sealed class PersistTracker(LogIndex durable)
{
    // Invariant: sequences and last indexes do not decrease from front to back; every last index is >= Durable, or the
    // record's entries were overwritten.
    private readonly Queue<Record> outstanding = new();

    /// <summary>Everything up to here is durable on this node.</summary>
    public LogIndex Durable { get; private set; } = durable;

    /// <summary>The last sequence handed out; 0 before the first.</summary>
    public long LastHanded { get; private set; }

    /// <summary>The last sequence reported durable; 0 before the first.</summary>
    public long LastPersisted { get; private set; }

    /// <summary>
    /// The sequence that a message must wait for, or 0 when nothing is outstanding (raft-design K7).
    /// </summary>
    public long Outstanding => LastPersisted < LastHanded ? LastHanded : 0;

    /// <summary>An append that ends at <paramref name="last"/> goes out; returns its sequence.</summary>
    public long Hand(LogIndex last)
    {
        outstanding.Enqueue(new Record(++LastHanded, last));
        return LastHanded;
    }

    /// <summary>A report: everything up to <paramref name="sequence"/> is durable.</summary>
    public void Persisted(long sequence)
    {
        // Out-of-order completion was a data loss elsewhere (openraft#1964): here it stops the node.
        Invariant.Require(sequence > LastPersisted && sequence <= LastHanded, "Reports of the log come in sequence.");
        LastPersisted = sequence;
        while (outstanding.TryPeek(out var record) && record.Sequence <= sequence)
        {
            outstanding.Dequeue();
            Durable = LogIndex.Max(Durable, record.Last);
        }
    }

    /// <summary>Everything above <paramref name="last"/> was removed from the log.</summary>
    public void Truncated(LogIndex last)
    {
        Durable = LogIndex.Min(Durable, last);
        LowerRecords(last);
    }

    /// <summary>A snapshot replaced the log up to <paramref name="last"/>, durably.</summary>
    public void Reset(LogIndex last)
    {
        Durable = last;
        LowerRecords(last);
    }

    private void LowerRecords(LogIndex last)
    {
        for (var i = outstanding.Count; i > 0; i--)
        {
            var record = outstanding.Dequeue();
            outstanding.Enqueue(record with { Last = LogIndex.Min(record.Last, last) });
        }
    }

    private readonly record struct Record(long Sequence, LogIndex Last);
}
