using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>raft-design S1, S3, S5, S6, S7, S12: a snapshot is whole and durable, or there is none.</summary>
public class SnapshotStoreTests
{
    private const string Folder = "/snapshots";
    private static readonly UInt128 Cluster = 5;

    [Fact]
    public void A_snapshot_is_read_back_chunk_by_chunk()
    {
        var disk = NewDisk();
        var made = Make(Open(disk), 10, chunks: 5);
        var store = Open(disk);
        Assert.Equal(made, Assert.Single(store.List()));
        Assert.Equal(Chunks(10, 5), ReadAll(store, made.Id));
    }

    [Fact]
    public void Any_flipped_byte_of_a_snapshot_is_found()
    {
        var disk = NewDisk();
        var made = Make(Open(disk), 10, chunks: 3);
        var path = $"{Folder}/{SnapshotFormat.FileName(made.Id)}";
        var bytes = disk.ReadAll(path);
        for (var position = 0; position < bytes.Length; position++)
        {
            var damaged = bytes.ToArray();
            damaged[position] ^= 0x20;
            disk.Plant(path, damaged);
            Assert.ThrowsAny<DataUnusableException>(() => ReadAll(Open(disk), made.Id));
        }

        for (var length = 0; length < bytes.Length; length++)
        {
            disk.Plant(path, bytes[..length]);
            Assert.ThrowsAny<DataUnusableException>(() => ReadAll(Open(disk), made.Id));
        }
    }

    // raft-design S3: after each step a crash leaves the old snapshot, or the new one, whole; and the newest that the
    // log has a record of can always be read.
    [Theory]
    [InlineData(CrashOutcome.LoseAll)]
    [InlineData(CrashOutcome.KeepAll)]
    [InlineData(CrashOutcome.Random)]
    internal void A_crash_at_any_step_of_a_snapshot_leaves_one_to_start_from(CrashOutcome outcome)
    {
        var isComplete = false;
        for (long crashAt = 1; !isComplete; crashAt++)
        {
            var rig = new LogRig((ulong)crashAt);
            rig.Disk.CrashAtOperation = crashAt;
            isComplete = TrySnapshots(rig);
            rig.CrashAndCheck(outcome);
            var store = rig.Directory.OpenSnapshots();
            var mark = rig.Recovered.Mark;
            var usable = store.ListUsable(mark, rig.Recovered.FirstIndex);
            if (mark.Index.Value == 0)
                continue;

            Assert.Equal(mark.Index, usable[0].Id.Index);
            foreach (var snapshot in usable)
            {
                Assert.Equal(Chunks(snapshot.Id.Index.Value, 3), ReadAll(store, snapshot.Id));
                Assert.True(rig.Recovered.FirstIndex <= snapshot.Id.Index.Next);
            }
        }
    }

    [Fact]
    public void Two_snapshots_are_kept_and_one_that_is_being_sent()
    {
        var disk = NewDisk();
        var store = Open(disk);
        using var deletion = new GradualDeletion(disk);
        var first = Make(store, 10, chunks: 1);
        using (store.OpenSource(first.Id))
        {
            Make(store, 20, chunks: 1);
            Make(store, 30, chunks: 1);
            store.DeleteOld(new LogIndex(30), 2, deletion);
            Assert.Equal([30, 20, 10], store.List().Select(s => s.Id.Index.Value));
        }

        Assert.False(deletion.RunOnce());
        store.DeleteOld(new LogIndex(30), 2, deletion);
        Assert.Equal([30, 20], store.List().Select(s => s.Id.Index.Value));
        Assert.Null(store.OpenSource(first.Id));
        Assert.Throws<DataUnusableException>(() => store.OpenReader(first.Id));
        Assert.True(deletion.RunOnce());
        Assert.False(deletion.RunOnce());
    }

    // What was received is no snapshot to start from before it is installed: it must not push those out that are, nor
    // let the log behind them go.
    [Fact]
    public void Received_snapshots_without_a_mark_push_nothing_out()
    {
        var disk = NewDisk();
        var store = Open(disk);
        using var deletion = new GradualDeletion(disk);
        foreach (var index in new[] { 10, 20, 30, 40 })
            Make(store, index, chunks: 1);

        Assert.Equal(10, store.DeleteOld(new LogIndex(20), 2, deletion)!.Id.Index.Value);
        Assert.Equal([40, 30, 20, 10], store.List().Select(s => s.Id.Index.Value));
        Assert.Equal(30, store.DeleteOld(new LogIndex(40), 2, deletion)!.Id.Index.Value);
        Assert.Equal([40, 30], store.List().Select(s => s.Id.Index.Value));
    }

    // raft-design S12: damage to the newest costs a longer replay, if the log still reaches back.
    [Fact]
    public void Usable_are_snapshots_with_a_record_from_whose_end_the_log_goes_on()
    {
        var disk = NewDisk();
        var store = Open(disk);
        foreach (var index in new[] { 10, 20, 30 })
            Make(store, index, chunks: 1);

        var mark = new SnapshotMark(new LogIndex(20), new Term(1));
        Assert.Equal([20, 10], Usable(new LogIndex(11)));
        Assert.Equal([20], Usable(new LogIndex(12)));
        long[] Usable(LogIndex first) => store.ListUsable(mark, first).Select(s => s.Id.Index.Value).ToArray();
    }

    [Fact]
    public void A_snapshot_given_up_leaves_nothing()
    {
        var disk = NewDisk();
        using (var writer = Open(disk).BeginWrite(new LogIndex(10), new Term(1)))
            writer.Append([1, 2, 3]);

        Assert.Empty(disk.List(Folder));
    }

    [Fact]
    public void A_full_disk_fails_the_snapshot_and_not_the_node()
    {
        var disk = NewDisk();
        disk.CapacityBytes = 1_000;
        using (var writer = Open(disk).BeginWrite(new LogIndex(10), new Term(1)))
            Assert.Throws<StorageFullException>(() => writer.Append(new byte[2_000]));

        Assert.Empty(disk.List(Folder));
    }

    // raft-design S6, S7: what is here already is not sent again; what is wrong in the end is not kept.
    [Fact]
    public void A_broken_transfer_goes_on_where_it_stopped()
    {
        var (source, offer, bytes) = Sent();
        source.Dispose();
        var disk = NewDisk();
        var store = Open(disk);
        using (var receiver = store.BeginReceive(offer))
            Assert.True(receiver.Append(bytes.AsSpan(0, 100)));

        using var again = store.BeginReceive(offer);
        Assert.Equal(100, again.Offset);
        Assert.True(again.Append(bytes.AsSpan(100)));
        Assert.False(again.Append([1]));
        Assert.True(again.TryComplete());
        disk.Crash(CrashOutcome.LoseAll);
        Assert.Equal(Chunks(10, 4), ReadAll(Open(disk), offer.Id));
    }

    [Fact]
    public void A_received_snapshot_with_any_wrong_byte_is_refused_and_dropped()
    {
        var (source, offer, bytes) = Sent();
        source.Dispose();
        for (var position = 0; position < bytes.Length; position++)
        {
            var disk = NewDisk();
            using var receiver = Open(disk).BeginReceive(offer);
            var damaged = bytes.ToArray();
            damaged[position] ^= 2;
            receiver.Append(damaged);
            Assert.False(receiver.TryComplete());
            Assert.Empty(disk.List(Folder));
        }
    }

    [Fact]
    public void An_offer_of_another_snapshot_drops_what_was_received()
    {
        var (source, offer, bytes) = Sent();
        source.Dispose();
        var disk = NewDisk();
        var store = Open(disk);
        using (var receiver = store.BeginReceive(offer))
            receiver.Append(bytes.AsSpan(0, 100));

        using var other = store.BeginReceive(offer with { Hash = offer.Hash + 1 });
        Assert.Equal(0, other.Offset);
        Assert.Single(disk.List(Folder));
    }

    private static bool TrySnapshots(LogRig rig)
    {
        try
        {
            rig.Start();
            var store = rig.Directory.OpenSnapshots();
            for (var round = 1; round <= 4; round++)
            {
                rig.Append(rig.Recovered.Log.LastIndex.Value + 1, 20, term: 1, payloadBytes: 200);
                rig.Flush();
                Make(store, round * 20, chunks: 3);
                rig.Mark(round * 20, 1);
                rig.Flush();
                Assert.Equal(round * 20, rig.Observer.LastMark.Value);
                rig.Writer.Compact(new LogIndex(Math.Max(0, (round - 1) * 20) + 1));
                rig.RunBackground();
                var oldest = store.DeleteOld(new LogIndex(round * 20), 2, rig.Writer.Deletion);
                Assert.Equal(Math.Max(20, (round - 1) * 20), oldest!.Id.Index.Value);
            }

            return true;
        }
        catch (SimulatedCrashException)
        {
            return false;
        }
    }

    private static (SnapshotSource Source, SnapshotFile Offer, byte[] Bytes) Sent()
    {
        var store = Open(NewDisk());
        var offer = Make(store, 10, chunks: 4);
        var source = store.OpenSource(offer.Id)!;
        var bytes = new byte[offer.Length];
        Assert.Equal(bytes.Length, source.Read(0, bytes));
        return (source, offer, bytes);
    }

    private static SnapshotFile Make(SnapshotStore store, long index, int chunks)
    {
        using var writer = store.BeginWrite(new LogIndex(index), new Term(1));
        foreach (var chunk in Chunks(index, chunks))
            writer.Append(chunk);

        return writer.Complete();
    }

    private static byte[][] Chunks(long index, int count) =>
        Enumerable.Range(1, count).Select(i => Appends.Make(index, i, 40 * i).Payload.ToArray()).ToArray();

    private static byte[][] ReadAll(SnapshotStore store, SnapshotId id)
    {
        var chunks = new List<byte[]>();
        using var reader = store.OpenReader(id);
        while (reader.TryReadChunk(out var chunk))
            chunks.Add(chunk.ToArray());

        return chunks.ToArray();
    }

    private static SimulatedDisk NewDisk()
    {
        var disk = new SimulatedDisk(1);
        disk.CreateDirectory(Folder);
        return disk;
    }

    private static SnapshotStore Open(SimulatedDisk disk) => new(disk, Folder, Cluster, LogRig.SmallLimits);
}
