using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>The log writer as the loop sees it, and what it reports back.</summary>
internal sealed class ReplicaLog(LogWriter writer) : IReplicaLog
{
    public TimeSpan OldestUnflushed => writer.OldestUnflushedAge;

    public bool IsDiskFull => writer.IsDiskFull;

    public long BytesAppended { get; private set; }

    public void Append(LogAppend append)
    {
        var entries = append.Entries;
        for (var position = 0; position < entries.Count; position++)
            BytesAppended += entries[position].CountedBytes;
        writer.Enqueue(append);
    }

    public void MarkSnapshot(LogIndex index, Term term, bool isReset) => writer.MarkSnapshot(index, term, isReset);
}
