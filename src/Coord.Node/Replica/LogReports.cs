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
    private LogWriter? log;

    /// <param name="waiting">What waits for durability.</param>
    /// <param name="writer">Whose thread takes a turn for what it reports, when it has nothing else to write.</param>
    public void Bind(AfterPersist waiting, LogWriter? writer = null) => (afterPersist, log) = (waiting, writer);

    public void Persisted(long sequence)
    {
        afterPersist?.Persisted(sequence);
        if (log is null or { HasQueued: true })
        {
            inbox.Post(new LogPersisted(sequence));
            return;
        }

        inbox.Leave(new LogPersisted(sequence));
        inbox.TakeTurn(inRowMax: 1); // Which may bring it something to write.
    }

    public void SnapshotMarked(LogIndex index, Term term) =>
        inbox.Post(new SnapshotMarked(new SnapshotId(index, term)));
}
