using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// On the log writer's thread: sends what waited for durability, and tells the loop. The loop exists only after the
/// log, so it is bound later.
/// </summary>
internal sealed class LogReports(IReplicaInbox inbox) : ILogObserver
{
    private AfterPersist? afterPersist;

    public void Bind(AfterPersist waiting) => afterPersist = waiting;

    public void Persisted(long sequence)
    {
        afterPersist?.Persisted(sequence);
        inbox.Post(new LogPersisted(sequence));
    }

    public void SnapshotMarked(LogIndex index, Term term) =>
        inbox.Post(new SnapshotMarked(new SnapshotId(index, term)));
}
