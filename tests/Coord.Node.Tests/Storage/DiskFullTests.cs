using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// raft-design P40, P41: running out of room shows when a segment is prepared; what keeps the cluster together can
/// still be written then; and when nothing is left at all, the node stops.
/// </summary>
public class DiskFullTests
{
    private const string Reserve = "/data/log/reserve";

    // The spare is begun with all its room, however fast entries arrive: no background step lies between.
    [Fact]
    public void A_full_disk_is_known_when_the_spare_segment_is_begun()
    {
        var rig = Prepared();
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        Assert.False(rig.Writer.IsDiskFull);
        var before = rig.SegmentPaths().Length;
        while (rig.SegmentPaths().Length == before)
        {
            Assert.False(rig.Writer.IsDiskFull);
            AppendSome(rig, 1);
        }

        Assert.True(rig.Writer.IsDiskFull);
        rig.CrashAndCheck(CrashOutcome.Random);
    }

    // All that was accepted before the disk was full goes into the spare; then terms, votes, a membership and a new
    // leader's empty entry go into the reserve, over restarts too.
    [Fact]
    public void Votes_and_memberships_are_written_when_the_disk_gives_nothing_any_more()
    {
        var rig = Prepared();
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        while (rig.Disk.Exists(Reserve))
            AppendSome(rig, 1);

        Assert.True(rig.Writer.IsDiskFull);
        for (var term = 2; term < 12; term++)
        {
            var vote = new HardState(new Term(term), new NodeId(2));
            rig.Append(rig.Recovered.Log.LastIndex.Value + 1, 1, term, 60, vote);
            rig.Flush();
            rig.RunBackground();
            Assert.True(rig.Writer.IsDiskFull);
        }

        rig.CrashAndCheck(CrashOutcome.LoseAll);
    }

    [Fact]
    public void A_node_that_starts_on_a_full_disk_still_has_its_reserve()
    {
        var rig = Prepared();
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        rig.CrashAndCheck(CrashOutcome.LoseAll);
        Assert.True(rig.Disk.Exists(Reserve));

        // Others took what the prepared segment gave back.
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        rig.RunBackground();
        Assert.True(rig.Writer.IsDiskFull);
        while (rig.Disk.Exists(Reserve))
            AppendSome(rig, 1);

        rig.Append(rig.Recovered.Log.LastIndex.Value + 1, 1, 5, 60, new HardState(new Term(5), new NodeId(2)));
        rig.Flush();
        rig.CrashAndCheck(CrashOutcome.LoseAll);
    }

    // Half a cure would make the node come and go.
    [Fact]
    public void A_full_disk_counts_as_free_only_with_a_segment_prepared_and_room_beside_it()
    {
        var rig = Prepared();
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        while (!rig.Writer.IsDiskFull)
            AppendSome(rig, 1);

        rig.Disk.CapacityBytes = rig.Disk.UsedBytes + rig.Limits.SegmentBytes - 1;
        rig.RunBackground();
        Assert.True(rig.Writer.IsDiskFull);
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes + (3 * rig.Limits.SegmentBytes) - 1;
        rig.RunBackground();
        Assert.True(rig.Writer.IsDiskFull);
        rig.Disk.CapacityBytes++;
        rig.RunBackground();
        Assert.False(rig.Writer.IsDiskFull);
    }

    // The next segment is half prepared when the reserve is taken, which is shorter: both are made once there is room.
    [Fact]
    public void A_reserve_taken_while_a_segment_is_being_prepared_is_made_anew_behind_it()
    {
        var rig = Prepared(LogRig.SmallLimits with { SegmentBytes = 20 * 1024 });
        var segments = rig.SegmentPaths().Length;
        while (rig.SegmentPaths().Length == segments)
            AppendSome(rig, 1);

        for (var written = 0L; written <= rig.Limits.FirstSegmentBytes; written += rig.Limits.ZeroFillStepBytes)
            Assert.True(rig.Writer.RunBackgroundStep());

        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        while (rig.Disk.Exists(Reserve))
            AppendSome(rig, 1);

        Assert.True(rig.Writer.IsDiskFull);
        rig.Disk.CapacityBytes = long.MaxValue;
        for (var step = 0; step < 1_000 && rig.Writer.RunBackgroundStep(); step++)
        {
            // As the background thread does, and it must come to an end.
        }

        Assert.False(rig.Writer.IsDiskFull);
        Assert.Equal(rig.Limits.FirstSegmentBytes, rig.Disk.ReadAll(Reserve).Length);
    }

    // raft-design P41: an entry that is half on disk is no full disk any more, but a failed one.
    [Fact]
    public void No_room_for_a_real_append_stops_the_node()
    {
        var rig = Prepared();
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        while (rig.Disk.Exists(Reserve))
            AppendSome(rig, 1);

        Assert.Throws<StorageFailedException>(() =>
        {
            while (rig.SegmentPaths().Length < 100)
                AppendSome(rig, 4);
        });
        var acknowledged = rig.Observer.LastPersisted;
        Assert.Throws<StorageFailedException>(() => rig.Writer.RunOnce());
        Assert.Equal(acknowledged, rig.Observer.LastPersisted);
        rig.Disk.CapacityBytes = long.MaxValue;
        rig.CrashAndCheck(CrashOutcome.Random);
    }

    [Fact]
    public void A_reserve_of_another_size_is_made_anew()
    {
        var rig = Prepared();
        rig.Disk.Plant(Reserve, new byte[100]);
        rig.Disk.Kill();
        rig.Start();
        rig.RunBackground();
        Assert.Equal(rig.Limits.FirstSegmentBytes, rig.Disk.ReadAll(Reserve).Length);
    }

    private static LogRig Prepared(NodeLimits? limits = null)
    {
        var rig = new LogRig(limits: limits).Start();
        rig.RunBackground();
        Assert.True(rig.Disk.Exists(Reserve));
        Assert.False(rig.Writer.IsDiskFull);
        return rig;
    }

    private static void AppendSome(LogRig rig, int count)
    {
        rig.Append(rig.Recovered.Log.LastIndex.Value + 1, count, term: 1, payloadBytes: 700);
        rig.Flush();
    }
}
