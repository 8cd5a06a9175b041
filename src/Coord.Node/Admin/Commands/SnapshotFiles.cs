using Coord.Node.Replica;
using Coord.Node.Storage;

namespace Coord.Node.Admin.Commands;

/// <summary>The node's snapshots, and the order to take one.</summary>
internal sealed class SnapshotFiles(SnapshotStore store, IReplicaInbox inbox)
{
    /// <summary>Orders a snapshot of what is applied by now; that it is there shows in the node's status.</summary>
    public void TakeOne() => inbox.Post(new SnapshotWanted());

    /// <summary>Opens the newest one; null where there is none.</summary>
    public SnapshotSource? OpenNewest() =>
        store.List() is [var newest, ..] ? store.OpenSource(newest.Id) : null;
}
