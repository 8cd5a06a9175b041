using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// Does the loop's work on files, one order after the other: <see cref="RunOnce"/> is called by a thread of its own,
/// or by the simulator.
/// </summary>
internal sealed class ReplicaBackground(
    LogWriter log,
    SnapshotStore snapshots,
    IReplicaInbox inbox,
    IDamageObserver damage,
    NodeLimits limits,
    ulong indexSeed,
    Action clearRecovering,
    Action<string?> markRemoved)
    : IReplicaBackground, IDisposable
{
    private readonly object gate = new();
    private readonly Queue<Action> orders = new();
    private SnapshotFileWriter? writing;
    private SnapshotId failed;
    private int partsWaiting;
    private bool isStopping;

    public int SnapshotPartsWaiting => Volatile.Read(ref partsWaiting);

    public void ReadEntries(FetchEntries request) => Order(() => Read(request));

    public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast)
    {
        Interlocked.Increment(ref partsWaiting);
        Order(() => WritePart(snapshot, part, isLast));
    }

    public void LoadSnapshot(InstallSnapshot install) => Order(() => Load(install));

    public void ReleaseOlder(SnapshotId snapshot) => Order(() => Release(snapshot.Index));

    public void ClearRecovering() => Order(() =>
    {
        clearRecovering();
        inbox.Post(new RecoveryCleared());
    });

    public void MarkRemoved(string? why) => Order(() => markRemoved(why));

    /// <summary>Waits for an order. False: the node stops.</summary>
    public bool Wait()
    {
        lock (gate)
        {
            while (orders.Count == 0 && !isStopping)
                Monitor.Wait(gate);
            return !isStopping;
        }
    }

    public void Stop()
    {
        lock (gate)
        {
            isStopping = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Does the oldest order; false when there is none.</summary>
    public bool RunOnce()
    {
        Action? order;
        lock (gate)
        {
            if (!orders.TryDequeue(out order))
                return false;
        }

        order();
        return true;
    }

    public void Dispose() => writing?.Dispose();

    private void Order(Action order)
    {
        lock (gate)
        {
            orders.Enqueue(order);
            Monitor.Pulse(gate);
        }
    }

    private void Read(FetchEntries request)
    {
        IReadOnlyList<Entry>? entries = null;
        try
        {
            entries = log.ReadEntries(request.First, request.MaxBytes);
        }
        catch (LogDamagedException e)
        {
            // raft-design P22: a node must not spread its own bit rot. What a snapshot stands for counts as compacted.
            if (!damage.SegmentDamaged(e.Damage, e.Segment))
                return;
        }

        inbox.Post(new EntriesRead(request, entries));
    }

    // raft-design P40: a full disk costs the snapshot, and not the node.
    private void WritePart(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast)
    {
        try
        {
            if (snapshot != failed)
                AppendPart(snapshot, part, isLast);
        }
        catch (StorageFullException)
        {
            writing?.Dispose();
            writing = null;
            failed = snapshot;
            inbox.Post(new SnapshotFailed(snapshot));
        }
        finally
        {
            Interlocked.Decrement(ref partsWaiting);
        }

        if (isLast)
            failed = default;
    }

    private void AppendPart(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast)
    {
        if (writing is not null && writing.Id != snapshot)
        {
            // The one before was given up for an installed snapshot.
            writing.Dispose();
            writing = null;
        }

        writing ??= snapshots.BeginWrite(snapshot.Index, snapshot.Term);
        writing.Append(part.Span);
        if (!isLast)
            return;
        var file = writing.Complete();
        writing.Dispose();
        writing = null;
        inbox.Post(new SnapshotWritten(snapshot, file.Length));
    }

    private void Load(InstallSnapshot install)
    {
        var tree = SnapshotLoading.TryLoad(snapshots, new SnapshotId(install.Index, install.Term), indexSeed);
        inbox.Post(new SnapshotLoaded(install, tree));
    }

    /// <summary>
    /// Two snapshots are kept, and the log from the older one on: it serves slow followers, and a start with a damaged
    /// newest snapshot (raft-design S3, S5, S12). On a full disk one has to do, once it was read from end to end (P40).
    /// </summary>
    private void Release(LogIndex marked)
    {
        log.SetSnapshotIndex(marked);
        var newest = snapshots.List().FirstOrDefault(s => s.Id.Index <= marked);
        if (newest is null)
            return;
        var isTight = log.IsDiskFull;
        if (isTight && snapshots.FindFault(newest.Id) is { } fault)
        {
            damage.SnapshotDamaged(newest.Id, fault);
            return;
        }

        snapshots.DeleteOld(marked, isTight ? 1 : limits.SnapshotsKept, log.Deletion);
        var kept = snapshots.List();
        if (!isTight && kept.Count < limits.SnapshotsKept)
            return;
        var keepFrom = kept[^1].Id.Index.Next;
        if (!isTight)
            keepFrom = LogIndex.Min(keepFrom, log.FirstIndexKeeping(limits.LogKeptBytes));
        log.Compact(keepFrom);
        inbox.Post(new LogShortened(keepFrom));
    }
}
