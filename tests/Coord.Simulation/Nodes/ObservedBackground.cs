using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Simulation.Nodes;

/// <summary>Orders for the background, which wake its simulated thread; a load may take it long.</summary>
internal sealed class ObservedBackground(IReplicaBackground background, Action wake, Action load) : IReplicaBackground
{
    public int SnapshotPartsWaiting => background.SnapshotPartsWaiting;

    public void ReadEntries(FetchEntries request)
    {
        background.ReadEntries(request);
        wake();
    }

    public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast)
    {
        background.WriteSnapshot(snapshot, part, isLast);
        wake();
    }

    public void LoadSnapshot(InstallSnapshot install)
    {
        background.LoadSnapshot(install);
        load();
        wake();
    }

    public void ReleaseOlder(SnapshotId snapshot)
    {
        background.ReleaseOlder(snapshot);
        wake();
    }

    public void ClearRecovering()
    {
        background.ClearRecovering();
        wake();
    }

    public void MarkRemoved(string? why)
    {
        background.MarkRemoved(why);
        wake();
    }
}
