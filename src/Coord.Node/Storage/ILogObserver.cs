using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>Hears from the log writer, on its thread, what has become durable.</summary>
internal interface ILogObserver
{
    /// <summary>Every append up to and including this one is durable.</summary>
    void Persisted(long sequence);

    /// <summary>The snapshot mark is durable: older segments and snapshots may go (raft-design S3).</summary>
    void SnapshotMarked(LogIndex index, Term term);
}
