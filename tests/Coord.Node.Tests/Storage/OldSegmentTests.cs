using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>Segments that a snapshot made superfluous are the next ones, full of zeros again (decision 14).</summary>
public class OldSegmentTests
{
    private const string Prepared = "/data/log/prepared.tmp";
    private static readonly NodeLimits Limits = LogRig.SmallLimits with { LogKeptBytes = 1024 * 1024 };

    [Fact]
    public void An_old_segment_is_the_next_one_with_nothing_but_zeros_in_it()
    {
        var rig = Filled(Limits);
        var before = rig.SegmentPaths();
        TakeSnapshot(rig);

        // The first is shorter than others: no use for it.
        Assert.Equal(before[1..], rig.SegmentPaths());
        for (var round = 0; round < 20; round++)
        {
            var oldest = rig.SegmentPaths()[0];
            AppendSegment(rig);
            rig.RunBackground();
            Assert.Equal(before.Length - 1, rig.SegmentPaths().Length);
            Assert.DoesNotContain(oldest, rig.Disk.Paths);
            var prepared = rig.Disk.ReadAll(Prepared);
            Assert.Equal(Limits.SegmentBytes, prepared.Length);
            Assert.DoesNotContain(prepared, part => part != 0);
            TakeSnapshot(rig);
        }

        rig.CrashAndCheck(CrashOutcome.LoseAll);
    }

    [Fact]
    public void No_more_of_them_are_kept_than_entries_for_slow_followers()
    {
        var rig = Filled(Limits with { LogKeptBytes = 2 * Limits.SegmentBytes });
        TakeSnapshot(rig);
        Assert.Equal(3, rig.SegmentPaths().Length);
    }

    // raft-design P40: room for those who need it more.
    [Fact]
    public void A_full_disk_gets_back_what_it_needs()
    {
        var rig = Filled(Limits);
        TakeSnapshot(rig);
        var spare = rig.SegmentPaths().Length;
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes + 5_000;
        AppendSegment(rig);
        rig.RunBackground();
        Assert.False(rig.Writer.IsDiskFull);
        Assert.InRange(rig.SegmentPaths().Length, 1, spare - 2);
    }

    [Fact]
    public void What_they_held_can_no_longer_be_read_and_is_no_damage()
    {
        var rig = Filled(Limits);
        TakeSnapshot(rig);
        AppendSegment(rig);
        rig.RunBackground();
        Assert.Null(rig.Writer.ReadEntries(new LogIndex(1), 100_000));
        Assert.NotEmpty(rig.Writer.ReadEntries(rig.Recovered.Log.FirstIndex, 100_000)!);
    }

    private static LogRig Filled(NodeLimits limits)
    {
        var rig = new LogRig(seed: 1, limits) { IsBackgroundFast = true }.Start();
        for (var segment = 0; segment < 8; segment++)
        {
            AppendSegment(rig);
            rig.RunBackground();
        }

        return rig;
    }

    private static void TakeSnapshot(LogRig rig)
    {
        var last = rig.Recovered.Log.LastIndex;
        rig.Mark(last.Value, 1);
        rig.Flush();
        rig.Writer.Compact(last.Next);
        rig.RunBackground();
    }

    private static void AppendSegment(LogRig rig)
    {
        for (var batch = 0; batch < 3; batch++)
        {
            rig.Append(rig.Recovered.Log.LastIndex.Value + 1, 4, term: 1, payloadBytes: 800);
            rig.Flush();
        }
    }
}
