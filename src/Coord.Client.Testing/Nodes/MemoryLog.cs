using System.Diagnostics;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Client.Testing;

/// <summary>
/// A node's log in memory, which outlives its process: what is appended is durable at once, and never compacted, so no
/// snapshot is ever written, sent or loaded.
/// </summary>
internal sealed class MemoryLog(NodeId id, IReadOnlyList<Member> founders, IReplicaInbox inbox)
    : IReplicaLog, IReplicaBackground
{
    private readonly List<Entry> entries = [];
    private HardState hardState;
    private LogReports reports = new(inbox);

    public TimeSpan OldestUnflushed => TimeSpan.Zero;

    public bool IsDiskFull => false;

    /// <summary>Nothing gathers that a snapshot would be for.</summary>
    public long BytesAppended => 0;

    public int SnapshotPartsWaiting => 0;

    /// <summary>What recovery would find in it.</summary>
    public ReplicaStart Recover(long processStart)
    {
        var seed = (ulong)id.Value;
        var tree = Founding.TreeOf(founders, seed);
        return new ReplicaStart
        {
            Tree = tree,
            ProcessStart = processStart,
            Incarnation = (UInt128)id.Value,
            Raft = new RaftStart
            {
                Id = id,
                Membership = TreeMembership.Of(tree),
                FeatureLevel = tree.FeatureLevel,
                MembershipEntries = [.. entries.Where(e => e.Kind is EntryKind.Membership or EntryKind.FeatureLevel)],
                ProcessStart = processStart,
                Seed = seed,
                HardState = hardState,
                LastIndex = new LogIndex(entries.Count),
                Entries = [.. entries],
            },
        };
    }

    /// <summary>A process begins: what waits for its appends is sent by it.</summary>
    public void Bind(AfterPersist afterPersist)
    {
        reports = new LogReports(inbox);
        reports.Bind(afterPersist);
    }

    public void Append(LogAppend append)
    {
        if (append.HardState is { } latest)
            hardState = latest;
        var kept = (int)append.FirstIndex.Value - 1;
        entries.RemoveRange(kept, entries.Count - kept);
        entries.AddRange(append.Entries);
        reports.Persisted(append.Sequence);
    }

    public void ReadEntries(FetchEntries request)
    {
        var first = (int)request.First.Value - 1;
        var bytes = 0L;
        var read = entries.Skip(first).TakeWhile(
            (entry, position) => (bytes += entry.CountedBytes) <= request.MaxBytes || position == 0);
        inbox.Post(new EntriesRead(request, [.. read]));
    }

    public void MarkSnapshot(LogIndex index, Term term, bool isReset) => throw NoSnapshots();

    public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast) => throw NoSnapshots();

    public void LoadSnapshot(InstallSnapshot install) => throw NoSnapshots();

    public void ReleaseOlder(SnapshotId snapshot) => throw NoSnapshots();

    public void ClearRecovering() => inbox.Post(new RecoveryCleared());

    public void MarkRemoved(string? why)
    {
        // Nodes of a test cluster are founders: there is no other way in, and nothing on a disk to mark.
    }

    private static UnreachableException NoSnapshots() => new("A log in memory is never compacted.");
}
