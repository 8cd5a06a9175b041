using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Tests.Replica;

/// <summary>raft-design S4, P40: when a snapshot is taken, how fast, and what a full disk changes.</summary>
public class SnapshotDutiesTests
{
    private static readonly NodeLimits Limits = NodeLimits.Default with
    {
        SnapshotTriggerBytes = 1_000_000,
        SegmentBytes = 100_000,
        SnapshotStepZnodes = 10,
        SnapshotBytesPerSecond = 100_000,
    };

    private readonly FakeLog log = new();
    private readonly FakeBackground background = new();
    private readonly ZnodeTree tree = new();

    public SnapshotDutiesTests() => tree.ApplyEmpty(50);

    // All nodes apply the same entries: without jitter they would all write at the same moment.
    [Fact]
    public void Nodes_begin_their_snapshots_at_different_lengths_of_the_log()
    {
        var begins = new HashSet<long>();
        for (ulong seed = 1; seed <= 8; seed++)
        {
            var duties = Duties(seed * 0x9E3779B97F4A7C15);
            var node = new ZnodeTree();
            for (log.BytesAppended = 0; background.Parts.Count == 0; log.BytesAppended += 1_000)
                duties.Step(node, new Term(1), turnMs: 10_000);

            Assert.InRange(log.BytesAppended, 1_000_000, 1_260_000);
            begins.Add(log.BytesAppended);
            background.Parts.Clear();
        }

        Assert.True(begins.Count >= 7);
    }

    // Danger: buffers of parts are used again.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void A_part_that_waits_to_be_written_is_not_written_over(int stepsForEach)
    {
        var duties = Due();
        var waiting = background.Waiting = [];
        var made = 0;
        for (var step = 1; !background.Parts.Any(part => part.IsLast); step++)
        {
            duties.Step(tree, new Term(1), turnMs: step * 60_000);
            // A disk this slow writes only when there is no room for more.
            if (step % stepsForEach != 0 && background.Parts.Count > made)
            {
                made = background.Parts.Count;
                continue;
            }

            var (part, copy) = waiting.Dequeue();
            Assert.Equal(copy, part.ToArray());
        }

        Assert.All(waiting, one => Assert.Equal(one.Copy, one.Part.ToArray()));
        Assert.True(background.Parts.Count > 5, $"{background.Parts.Count} parts use no buffer twice");
    }

    // A snapshot written as fast as it can be made would stand before the log's flushes.
    [Fact]
    public void Parts_are_written_no_faster_than_the_rate()
    {
        var duties = Due();
        for (long ms = 1_000; background.Parts.Count < 3; ms++)
        {
            duties.Step(tree, new Term(1), ms);
            if (background.Parts.Count == 0 || background.Parts[^1].IsLast)
                continue;

            var seconds = (ms - 1_000 + Limits.ReplicaTick.TotalMilliseconds + 1) / 1_000.0;
            Assert.True(background.Parts.SkipLast(1).Sum(p => p.Bytes) <= seconds * Limits.SnapshotBytesPerSecond);
        }
    }

    [Fact]
    public void A_snapshot_without_room_is_given_up_and_tried_again_later()
    {
        var duties = Due();
        duties.Step(tree, new Term(1), 1_000);
        var snapshot = background.Parts[^1].Snapshot;
        duties.Failed(snapshot);
        background.Parts.Clear();
        duties.Step(tree, new Term(1), 10_900);
        Assert.Empty(background.Parts);
        Assert.False(duties.HasWork);

        tree.ApplyEmpty(60);
        duties.Step(tree, new Term(1), 11_000);
        Assert.Equal(60, background.Parts[^1].Snapshot.Index.Value);

        // An answer to the one given up comes too late to end the new one.
        duties.Failed(snapshot);
        for (long ms = 11_001; !background.Parts[^1].IsLast; ms++)
            duties.Step(tree, new Term(1), ms);

        duties.Written(new SnapshotWritten(background.Parts[^1].Snapshot, 100), 0);
        Assert.Equal([60L], log.Marks);
    }

    [Fact]
    public void A_lost_snapshot_is_taken_anew_without_waiting_for_more_log()
    {
        var duties = Duties(1);
        duties.Step(tree, new Term(1), 1_000);
        Assert.Empty(background.Parts);
        duties.WantOne();
        duties.Step(tree, new Term(1), 1_001);
        Assert.NotEmpty(background.Parts);
    }

    // raft-design P40: what is superfluous goes at once; a snapshot is taken long before it would be due.
    [Fact]
    public void A_full_disk_releases_and_takes_a_snapshot_early()
    {
        var duties = Duties(1);
        log.BytesAppended = 60_000;
        duties.Step(tree, new Term(1), 1_000);
        Assert.Empty(background.Parts);
        log.IsDiskFull = true;
        duties.Step(tree, new Term(1), 1_001);
        duties.Step(tree, new Term(1), 1_002);
        Assert.Equal([40L], background.Released);
        Assert.NotEmpty(background.Parts);
    }

    private SnapshotDuties Due()
    {
        log.BytesAppended = 2_000_000;
        return Duties(1);
    }

    private SnapshotDuties Duties(ulong seed) =>
        new(
            log, background, new NoLinks(), Limits, new SnapshotId(new LogIndex(40), new Term(1)), 0, seed,
            new ReplicaMetrics());

    private sealed class FakeLog : IReplicaLog
    {
        public List<long> Marks { get; } = [];

        public TimeSpan OldestUnflushed => TimeSpan.Zero;

        public bool IsDiskFull { get; set; }

        public long BytesAppended { get; set; }

        public void Append(LogAppend append) => throw new InvalidOperationException("Nothing is appended here.");

        public void MarkSnapshot(LogIndex index, Term term, bool isReset) => Marks.Add(index.Value);
    }

    private sealed class FakeBackground : IReplicaBackground
    {
        public List<(SnapshotId Snapshot, int Bytes, bool IsLast)> Parts { get; } = [];

        public List<long> Released { get; } = [];

        /// <summary>Parts not written yet, with what they held when they came; null: each is written at once.</summary>
        public Queue<(ReadOnlyMemory<byte> Part, byte[] Copy)>? Waiting { get; set; }

        public int SnapshotPartsWaiting => Waiting?.Count ?? 0;

        public void ReadEntries(FetchEntries request) => throw new InvalidOperationException("Nothing is read here.");

        public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast)
        {
            Parts.Add((snapshot, part.Length, isLast));
            Waiting?.Enqueue((part, part.ToArray()));
        }

        public void LoadSnapshot(InstallSnapshot install) =>
            throw new InvalidOperationException("Nothing is installed here.");

        public void ReleaseOlder(SnapshotId snapshot) => Released.Add(snapshot.Index.Value);

        public void ClearRecovering() => throw new InvalidOperationException("Nothing is lost here.");

        public void MarkRemoved(string? why) => throw new InvalidOperationException("Nobody is removed here.");
    }
}
