using Coord.Node.Metrics;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Measures the way of entries: how long a quorum takes, and how long after the leader's clock they arrive and are
/// applied. Entries carry whole milliseconds, and clocks of two machines differ: what comes out negative counts as 0.
/// </summary>
internal sealed class EntryTimes(ReplicaView view, ReplicaMetrics metrics, TimeProvider time)
{
    private const long MicrosPerMs = 1000;

    // What this leader appended and has not seen committed: one per turn, bounded by the core (raft-design R20).
    private readonly Queue<Batch> appended = new();

    /// <summary>Entries were handed to the log.</summary>
    public void Appended(IReadOnlyList<Entry> entries)
    {
        if (entries.Count == 0)
            return;
        if (view.IsLeader)
        {
            metrics.Proposals.Add(entries.Count);
            appended.Enqueue(new Batch(entries[^1].Index, entries.Count, time.GetTimestamp()));
            for (var position = 0; position < entries.Count; position++)
                metrics.ProposalSizes.Record(entries[position].Payload.Length);
            return;
        }

        metrics.ProposalsReceived.Add(entries.Count);
        for (var position = 0; position < entries.Count; position++)
        {
            var entry = entries[position];
            if (entry.Kind == EntryKind.Command && EntryHeader.TryRead(entry.Payload.Span, out var header))
                metrics.Proposal.Record(SinceMicros(header));
        }
    }

    /// <summary>The core committed up to here.</summary>
    public void Committed(IReadOnlyList<Entry> entries)
    {
        if (entries.Count == 0)
            return;
        (view.IsLeader ? metrics.Commits : metrics.CommitsReceived).Add(entries.Count);
        while (appended.TryPeek(out var oldest) && oldest.Last <= entries[^1].Index)
        {
            metrics.QuorumAck.Record(
                time.GetElapsedTime(oldest.Timestamp).Ticks / TimeSpan.TicksPerMicrosecond, oldest.Count);
            appended.Dequeue();
        }
    }

    /// <summary>An entry was applied.</summary>
    public void Applied(ApplyResult result)
    {
        // What no client or leader stamped, such as a change of the membership.
        if (result.Header.TimeMs == 0)
            return;
        var micros = SinceMicros(result.Header);
        metrics.Propagation.Record(micros);
        if (!view.IsLeader)
            metrics.CommitPropagation.Record(micros);
    }

    /// <summary>Another leader, or another term: what waited may never be committed.</summary>
    public void Reset() => appended.Clear();

    private long SinceMicros(in EntryHeader header) => (view.WallClockMs - header.TimeMs) * MicrosPerMs;

    private readonly record struct Batch(LogIndex Last, int Count, long Timestamp);
}
