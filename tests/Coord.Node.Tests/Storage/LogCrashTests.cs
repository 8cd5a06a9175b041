using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// raft-design T16: power lost at every operation, with every kind of outcome; nothing acknowledged is lost.
/// </summary>
public class LogCrashTests
{
    // Losing the power between any two operations must leave the acknowledged log, or a later state of it (P1-P20).
    [Theory]
    [InlineData(CrashOutcome.LoseAll, 1)]
    [InlineData(CrashOutcome.KeepAll, 1)]
    [InlineData(CrashOutcome.Random, 6)]
    internal void Everything_acknowledged_survives_a_crash_at_any_operation(CrashOutcome outcome, int seeds) =>
        CrashAtEveryOperation(outcome, seeds, isBackgroundFast: false);

    // Danger: the next segment is prepared before the one that was taken has its name, and takes its place.
    [Theory]
    [InlineData(CrashOutcome.LoseAll, 1)]
    [InlineData(CrashOutcome.KeepAll, 1)]
    [InlineData(CrashOutcome.Random, 3)]
    internal void It_does_so_however_fast_segments_are_prepared(CrashOutcome outcome, int seeds) =>
        CrashAtEveryOperation(outcome, seeds, isBackgroundFast: true);

    // Danger: a segment that was taken to be filled with zeros comes back with the power, and holds some.
    [Theory]
    [InlineData(CrashOutcome.LoseAll, 1)]
    [InlineData(CrashOutcome.KeepAll, 1)]
    [InlineData(CrashOutcome.Random, 3)]
    internal void It_does_so_when_old_segments_are_used_again(CrashOutcome outcome, int seeds) => CrashAtEveryOperation(
        outcome, seeds, isBackgroundFast: true, LogRig.SmallLimits with { LogKeptBytes = 1024 * 1024 });

    // A killed process leaves unflushed bytes in the page cache; the next one may not build on them before they are
    // durable.
    [Fact]
    public void What_a_killed_process_left_unflushed_is_durable_once_it_was_read()
    {
        for (long crashAt = 1; ; crashAt++)
        {
            var rig = new LogRig((ulong)crashAt);
            rig.Disk.CrashAtOperation = crashAt;
            if (RunUntilCrash(rig, Story))
                return;

            rig.Disk.Kill();
            rig.Start();
            rig.CheckRecovered();
            var read = rig.DescribeRecovered();
            var powerFails = rig.Fork(1);
            powerFails.Disk.Crash(CrashOutcome.LoseAll);
            powerFails.Start();
            Assert.Equal(read, powerFails.DescribeRecovered());
            CheckGoesOn(rig);
        }
    }

    // raft-design T15: the disk may have written any of the last batch's sectors, in any order.
    [Fact]
    public void Every_subset_of_the_last_batch_s_sectors_is_a_torn_tail_or_the_whole_batch()
    {
        foreach (var firstBatchBytes in new[] { 40, 333, 431, 512 })
        {
            var rig = new LogRig(1, LogRig.SmallLimits with { FirstSegmentBytes = 16 * 1024 }).Start();
            rig.Append(1, 1, term: 1, firstBatchBytes);
            rig.Flush();
            rig.Append(2, 4, term: 1, payloadBytes: 900);
            rig.Disk.CrashAtOperation = rig.Disk.Operations + 2; // Written and not yet flushed.
            Assert.Throws<SimulatedCrashException>(rig.Flush);

            const int sectors = 9;
            for (var mask = 0; mask < 1 << sectors; mask++)
            {
                var fork = rig.Fork(1);
                var count = 0;
                fork.Disk.Crash(sector =>
                {
                    count = Math.Max(count, sector + 1);
                    return (mask & (1 << sector)) != 0;
                });
                Assert.InRange(count, 7, sectors);
                fork.Start();
                fork.CheckRecovered();
                var isWhole = (mask & ((1 << count) - 1)) == (1 << count) - 1;
                Assert.Equal(isWhole ? 5 : 1, fork.Recovered.LastIndex.Value);
                CheckGoesOn(fork);
            }
        }
    }

    [Fact]
    public void A_flush_that_fails_is_never_tried_again()
    {
        var rig = new LogRig().Start();
        rig.Append(1, 3, term: 1);
        rig.Flush();
        rig.Disk.FailFlushAt = rig.Disk.Flushes + 1;
        rig.Append(4, 3, term: 1);
        Assert.Throws<StorageFailedException>(rig.Flush);
        var operations = rig.Disk.Operations;
        Assert.Throws<StorageFailedException>(() => rig.Writer.RunOnce());
        Assert.Equal(operations, rig.Disk.Operations);
        Assert.Equal(1, rig.Observer.LastPersisted);
        rig.CrashAndCheck(CrashOutcome.Random);
    }

    // raft-design P40: running out of space shows when a segment is prepared, while the log still has room.
    [Fact]
    public void A_full_disk_shows_before_an_append_fails_and_goes_away_again()
    {
        var rig = new LogRig().Start();
        rig.RunBackground();
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes;
        for (var i = 0; i < 40 && !rig.Writer.IsDiskFull; i++)
        {
            rig.Append((i * 4) + 1, 4, term: 1);
            rig.Flush();
            rig.RunBackground();
        }

        Assert.True(rig.Writer.IsDiskFull);
        rig.Append(rig.Recovered.Log.LastIndex.Value + 1, 1, term: 1);
        rig.Flush();
        rig.Disk.CapacityBytes = long.MaxValue;
        rig.RunBackground();
        Assert.False(rig.Writer.IsDiskFull);
        rig.CrashAndCheck(CrashOutcome.Random);
    }

    private static void CrashAtEveryOperation(
        CrashOutcome outcome, int seeds, bool isBackgroundFast, NodeLimits? limits = null)
    {
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            var isComplete = false;
            for (long crashAt = 1; !isComplete; crashAt++)
            {
                var rig = new LogRig(seed * 1_000_003 + (ulong)crashAt, limits) { IsBackgroundFast = isBackgroundFast };
                rig.Disk.CrashAtOperation = crashAt;
                isComplete = RunUntilCrash(rig, Story);
                CheckTwice(rig, outcome);
            }
        }
    }

    /// <summary>
    /// Appends, conflicts, votes, full segments, snapshot marks and compaction, in a few dozen operations.
    /// </summary>
    private static void Story(LogRig rig)
    {
        rig.Start();
        rig.Append(1, 3, term: 1, state: new HardState(new Term(1), new NodeId(1)));
        rig.Flush();
        rig.RunBackground();
        rig.Append(4, 20, term: 1, payloadBytes: 150);
        rig.Append(24, 3, term: 1);
        rig.Flush();
        rig.Append(20, 5, term: 3, state: new HardState(new Term(3), null));
        rig.Flush();
        rig.Append(25, 25, term: 3, payloadBytes: 100);
        rig.Flush();
        rig.Append(50, 0, term: 3, state: new HardState(new Term(4), new NodeId(2)));
        rig.Flush();
        rig.Mark(30, 3);
        rig.Append(50, 30, term: 4, payloadBytes: 200);
        rig.Flush();
        rig.Writer.Compact(new LogIndex(31));
        rig.RunBackground();
        rig.Append(80, 30, term: 4, payloadBytes: 200);
        rig.Flush();
        rig.Mark(200, 5, reset: true);
        rig.Append(201, 3, term: 5);
        rig.Flush();
        rig.Writer.Compact(new LogIndex(201));
        rig.RunBackground();
        rig.Append(204, 30, term: 5, payloadBytes: 250);
        rig.Flush();
    }

    private static bool RunUntilCrash(LogRig rig, Action<LogRig> story)
    {
        try
        {
            story(rig);
            return true;
        }
        catch (SimulatedCrashException)
        {
            return false;
        }
    }

    private static void CheckTwice(LogRig rig, CrashOutcome outcome)
    {
        rig.CrashAndCheck(outcome);
        CheckGoesOn(rig);
    }

    // raft-design P20: what was cut away must not come back under what is written next.
    private static void CheckGoesOn(LogRig rig)
    {
        rig.ContinueFromRecovered();
        rig.Append(rig.Recovered.LastIndex.Value + 1, 1, term: 9);
        rig.Flush();
        rig.CrashAndCheck(CrashOutcome.LoseAll);
    }
}
