using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Tests.Storage;

/// <summary>Remembers what the log writer called durable.</summary>
internal sealed class RecordingObserver : ILogObserver
{
    public long LastPersisted { get; private set; }

    public LogIndex LastMark { get; private set; }

    public void Persisted(long sequence)
    {
        Assert.True(sequence > LastPersisted, "reports come in sequence (raft-design K2)");
        LastPersisted = sequence;
    }

    public void SnapshotMarked(LogIndex index, Term term) => LastMark = index;
}
