using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// Does the loop's work on files, one order after the other: <see cref="RunOnce"/> is called by a thread of its own,
/// or by the simulator.
/// </summary>
internal sealed class ReplicaBackground(LogWriter log, SnapshotStore snapshots, IReplicaInbox inbox, ulong indexSeed)
    : IReplicaBackground, IDisposable
{
    private readonly object gate = new();
    private readonly Queue<Action> orders = new();
    private SnapshotFileWriter? writing;
    private int partsWaiting;
    private bool isStopping;

    public int SnapshotPartsWaiting => Volatile.Read(ref partsWaiting);

    public void ReadEntries(FetchEntries request) => Order(() =>
        inbox.Post(new EntriesRead(request, log.ReadEntries(request.First, request.MaxBytes))));

    public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast)
    {
        Interlocked.Increment(ref partsWaiting);
        Order(() => WritePart(snapshot, part, isLast));
    }

    public void LoadSnapshot(InstallSnapshot install) => Order(() => Load(install));

    public void ReleaseOlder(SnapshotId snapshot) => Order(() => Release(snapshot.Index));

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

    private void WritePart(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast)
    {
        if (writing is not null && writing.Id != snapshot)
        {
            // The one before was given up for an installed snapshot.
            writing.Dispose();
            writing = null;
        }

        writing ??= snapshots.BeginWrite(snapshot.Index, snapshot.Term);
        writing.Append(part.Span);
        Interlocked.Decrement(ref partsWaiting);
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
    /// newest snapshot (raft-design S3, S5, S12).
    /// </summary>
    private void Release(LogIndex marked)
    {
        snapshots.DeleteOld(marked);
        var kept = snapshots.List();
        if (kept.Count < 2)
            return;
        var keepFrom = kept[^1].Id.Index.Next;
        log.Compact(keepFrom);
        inbox.Post(new LogShortened(keepFrom));
    }
}
