namespace Coord.Raft;


/// <summary>
/// Taking proposals, their limits, and telling the ends of those lost sight of (raft-design R20, K3).
/// </summary>
internal sealed class Proposals(RaftState state, LeadershipTransfer transfer)
{
    // Batches whose entries are not all committed, oldest first.
    private readonly Queue<Batch> uncommitted = new();
    private long uncommittedBytes;
    private long uncommittedEntries;

    /// <summary>What counts against the limit; zero at rest (BR3).</summary>
    public long UncommittedBytes => uncommittedBytes;

    /// <summary>How many entries count against the limit.</summary>
    public long UncommittedEntries => uncommittedEntries;

    /// <summary>A new office starts with empty accounts: older terms' entries are not counted.</summary>
    public void Start()
    {
        uncommitted.Clear();
        uncommittedBytes = 0;
        uncommittedEntries = 0;
    }

    /// <summary>Appends what the limits allow, in order; the rest is refused.</summary>
    public void Propose(Propose batch)
    {
        if (RefusalOfAll() is { } reason)
        {
            Refuse(batch, 0, batch.Payloads.Count, reason);
            return;
        }

        var taken = 0;
        for (var i = 0; i < batch.Payloads.Count; i++)
        {
            if (IsFull)
            {
                NoteBatch(batch, i - taken, taken);
                Refuse(batch, i, batch.Payloads.Count - i, RejectReason.Overloaded);
                return;
            }

            if (batch.Payloads[i].Length > state.Settings.EntryBytesMax)
            {
                NoteBatch(batch, i - taken, taken);
                Refuse(batch, i, 1, RejectReason.TooLarge);
                taken = 0;
                continue;
            }

            Append(batch.Payloads[i]);
            taken++;
        }

        NoteBatch(batch, batch.Payloads.Count - taken, taken);
    }

    /// <summary>The commit index moves: exactly what was added at append is taken off (raft-design R20).</summary>
    public void Committed(LogIndex from, LogIndex to)
    {
        for (var index = LogIndex.Max(from, state.OfficeStart).Next; index <= to; index = index.Next)
        {
            if (state.Log.Window[index].Kind != EntryKind.Command)
                continue;
            uncommittedBytes -= state.Log.Window[index].CountedBytes;
            uncommittedEntries--;
        }

        while (uncommitted.TryPeek(out var batch) && batch.First + batch.Count <= to.Next)
            uncommitted.Dequeue();
    }

    /// <summary>Out of office: what is not committed here may or may not be (raft-design K3).</summary>
    public void EndOffice()
    {
        foreach (var batch in uncommitted)
        {
            var committed = (int)Math.Max(0, state.Commit.Next - batch.First);
            state.Outbox.Reject(
                batch.FirstToken + committed,
                batch.Count - committed,
                RejectReason.ResultUnknown,
                state.Leader);
        }

        Start();
    }

    private RejectReason? RefusalOfAll()
    {
        if (!state.IsLeader)
            return RejectReason.NotLeader;
        if (transfer.IsRunning)
            return RejectReason.Transferring;
        if (state.IsDiskFull || state.IsQuorumFull)
            return RejectReason.StorageFull; // Raft-design P40.
        return state.Commit - state.Applied > state.Settings.UnappliedEntriesMax ? RejectReason.Overloaded : null;
    }

    // A limit once reached refuses everything until a commit frees room, so nothing overtakes what was refused; what is
    // larger than the whole limit still goes when nothing else is pending.
    private bool IsFull =>
        uncommittedBytes >= state.Settings.UncommittedBytesMax
        || uncommittedEntries >= state.Settings.UncommittedEntriesMax;

    private void NoteBatch(Propose batch, int offset, int taken)
    {
        if (taken > 0)
            uncommitted.Enqueue(new Batch(state.Log.LastIndex.Next - taken, taken, batch.FirstToken + offset));
    }

    private void Refuse(Propose batch, int offset, int count, RejectReason reason)
    {
        if (count > 0)
            state.Outbox.Reject(batch.FirstToken + offset, count, reason, state.Leader);
    }

    private void Append(ReadOnlyMemory<byte> payload)
    {
        var entry = new Entry(state.Term, state.Log.LastIndex.Next, EntryKind.Command, payload);
        state.Log.Append(entry);
        uncommittedBytes += entry.CountedBytes;
        uncommittedEntries++;
    }

    private readonly record struct Batch(LogIndex First, int Count, long FirstToken);
}
