using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// raft-design T15 and the table "Reading back": damage is told from a torn write; what stands before it is kept, and
/// the node recovers (P21, P30).
/// </summary>
public class LogDamageTests
{
    // Every byte of header, frames of every kind, payload and padding, of old batches and of the last one; with the
    // watermark's help, and without.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_flipped_byte_of_a_batch_is_corruption(bool hasWatermark)
    {
        var rig = Written(settled: hasWatermark);
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        var end = WrittenEnd(bytes);
        var ends = BatchEnds(bytes);
        for (var position = 0; position < end; position++)
        {
            foreach (var flip in new byte[] { 0x01, 0x80, 0xFF })
            {
                var damaged = bytes.ToArray();
                damaged[position] ^= flip;
                var found = FindDamage(rig, path, damaged, $"byte {position} flipped by {flip}");
                Assert.StartsWith(path, found.Recovered.Damage, StringComparison.Ordinal);
                Assert.Contains("corruption", found.Recovered.Damage, StringComparison.Ordinal);
                Assert.Equal(ends.Count(e => e <= position), found.Recovered.LastIndex.Value);
                if (position % 101 == 0 && flip == 1)
                    CheckGoesOn(found);
            }
        }
    }

    // Bytes behind the log's end hold nothing: they may be taken for damage or cleared, and are never read as entries.
    [Fact]
    public void A_flipped_byte_behind_the_end_changes_no_entry()
    {
        var rig = Written();
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        var whole = Read(rig.Fork(1));
        for (var position = WrittenEnd(bytes); position < bytes.Length; position += 13)
        {
            var damaged = bytes.ToArray();
            damaged[position] ^= 0x10;
            var fork = rig.Fork(1);
            fork.Disk.Plant(path, damaged);
            Restart(fork);
            Assert.Equal(whole, fork.DescribeRecovered());
        }
    }

    [Fact]
    public void A_segment_cut_anywhere_is_corruption()
    {
        var rig = Written();
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        var ends = BatchEnds(bytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            var found = FindDamage(rig, path, bytes[..length], $"cut at {length}");
            Assert.Equal(ends.Count(e => e <= length), found.Recovered.LastIndex.Value);
            if (length % 101 == 0)
                CheckGoesOn(found);
        }
    }

    // A write that ends early at any byte: whole batches before it are read, and never part of one; the node may think
    // it damaged. At a sector's boundary that is what an interrupted write leaves, and must be cut; but the first batch
    // is known to have been durable.
    [Fact]
    public void A_log_that_is_zero_from_any_byte_on_is_cut_at_a_batch()
    {
        var rig = Written(batches: 3, settled: false);
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        var ends = BatchEnds(bytes);
        for (var position = SegmentHeader.Length; position <= ends[^1]; position++)
        {
            var damaged = bytes.ToArray();
            damaged.AsSpan(position).Clear();
            var fork = rig.Fork(1);
            fork.Disk.Plant(path, damaged);
            Restart(fork);
            Assert.Equal(ends.Count(e => e <= position), fork.Recovered.LastIndex.Value);
            if (position < ends[0])
                Assert.NotNull(fork.Recovered.Damage);
            else if (position % 512 == 0 || ends.Contains(position))
                Assert.Null(fork.Recovered.Damage);
        }
    }

    // Lost batches that were durable cannot be told from batches never written, but by the watermark.
    [Fact]
    public void A_log_that_ends_before_the_watermark_is_corruption()
    {
        var rig = Written();
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        foreach (var end in BatchEnds(bytes)[..^1])
        {
            var damaged = bytes.ToArray();
            damaged.AsSpan((int)end).Clear();
            CheckGoesOn(FindDamage(rig, path, damaged, $"zero from {end} on"));
        }
    }

    [Fact]
    public void An_old_frame_in_the_place_of_a_later_one_is_corruption()
    {
        var rig = Written();
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        var ends = BatchEnds(bytes);
        var second = bytes[(int)ends[0]..(int)ends[1]];
        var damaged = bytes.ToArray();
        second.CopyTo(damaged, ends[1]);
        FindDamage(rig, path, damaged, "the second batch stands twice");
    }

    // A sector lost from a batch that others followed is no torn tail: only one flush is outstanding (raft-design P11).
    [Fact]
    public void A_zero_sector_before_a_later_batch_is_corruption()
    {
        var rig = Written(settled: false);
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        var lastBatch = BatchEnds(bytes)[^2];
        for (var sector = SegmentHeader.Length; sector + 512 <= lastBatch; sector += 512)
        {
            var damaged = bytes.ToArray();
            damaged.AsSpan(sector, 512).Clear();
            FindDamage(rig, path, damaged, $"zero sector at {sector}");
        }
    }

    // Two logs part at batch 2. Its successor in one is no successor in the other, though every number fits (P10).
    [Fact]
    public void A_batch_that_followed_another_one_is_corruption()
    {
        var one = Written(batches: 1, settled: false);
        var other = Written(batches: 1, settled: false);
        var path = one.SegmentPaths().Single();
        one.Append(2, 1, term: 1, payloadBytes: 700);
        other.Append(2, 1, term: 2, payloadBytes: 700);
        one.Flush();
        other.Flush();
        other.Append(3, 1, term: 2, payloadBytes: 700);
        other.Flush();
        var bytes = one.Disk.ReadAll(path);
        var ends = BatchEnds(other.Disk.ReadAll(path));
        other.Disk.ReadAll(path).AsSpan((int)ends[1]).CopyTo(bytes.AsSpan((int)ends[1]));
        FindDamage(one, path, bytes, "a batch of another history");
    }

    // What stands before the first wrong segment is kept; a segment that is no more than there twice costs nothing.
    [Fact]
    public void Missing_swapped_and_duplicated_segments_are_corruption()
    {
        var rig = ManySegments();
        var paths = rig.SegmentPaths();
        Assert.True(paths.Length >= 4);
        for (var i = 0; i < paths.Length; i++)
        {
            var missing = rig.Fork(1);
            missing.Disk.Remove(paths[i]);
            CheckKept(missing, LastBefore(paths, i));

            var swapped = rig.Fork(1);
            var next = (i + 1) % paths.Length;
            swapped.Disk.Plant(paths[i], rig.Disk.ReadAll(paths[next]));
            swapped.Disk.Plant(paths[next], rig.Disk.ReadAll(paths[i]));
            CheckKept(swapped, LastBefore(paths, Math.Min(i, next)));

            var duplicated = rig.Fork(1);
            var name = SegmentFiles.Name(paths.Length + 1, 1_000);
            duplicated.Disk.Plant($"{LogRig.LogPath}/{name}", rig.Disk.ReadAll(paths[i]));
            CheckKept(duplicated, rig.Recovered.Log.LastIndex.Value);
        }

        var sound = rig.Fork(1);
        Restart(sound);
        Assert.Null(sound.Recovered.Damage);
    }

    // raft-design P21: the segment before ends as it does when power is lost between the two, and the watermark is
    // flushed on no other occasion.
    [Fact]
    public void A_last_segment_that_is_lost_is_missed_from_its_first_batch_on()
    {
        var rig = new LogRig().Start();
        var segments = 1;
        for (var i = 0; i < 12; i++)
        {
            rig.Append((i * 10) + 1, 10, term: 1, payloadBytes: 200);
            rig.Flush();
            var paths = rig.SegmentPaths();
            if (paths.Length == segments)
                continue;

            segments = paths.Length;
            var fork = rig.Fork(1);
            fork.Disk.Crash(CrashOutcome.LoseAll);
            fork.Disk.Remove(paths[^1]);
            CheckKept(fork, LastBefore(paths, paths.Length - 1));
        }

        Assert.True(segments >= 4);
    }

    // Power failed between the flush of a segment's first batch and that of the watermark; the node went on from there.
    [Fact]
    public void A_last_segment_that_is_lost_is_missed_though_the_power_failed_at_its_beginning()
    {
        var rig = new LogRig().Start();
        for (var i = 0; rig.SegmentPaths().Length == 1; i++)
        {
            rig.Append((i * 10) + 1, 10, term: 1, payloadBytes: 200);
            rig.Flush();
        }

        var watermark = $"{LogRig.DataPath}/watermark";
        var fork = rig.Fork(1);
        fork.Disk.Crash(CrashOutcome.LoseAll);
        fork.Disk.Remove(watermark);
        Restart(fork);
        Assert.Null(fork.Recovered.Damage);

        var paths = fork.SegmentPaths();
        fork.Disk.Crash(CrashOutcome.LoseAll);
        fork.Disk.Remove(paths[^1]);
        CheckKept(fork, LastBefore(paths, paths.Length - 1));
    }

    // raft-design P21: below the snapshot damage is irrelevant, above it the part before it is kept.
    [Fact]
    public void Damage_below_the_snapshot_is_dropped_and_above_it_cut()
    {
        var rig = ManySegments();
        var paths = rig.SegmentPaths();
        var lastOfSecond = LastBefore(paths, 2);
        rig.Mark(lastOfSecond, 1);
        rig.Flush();
        for (var i = 0; i < paths.Length; i++)
        {
            foreach (var position in new[] { 60, 4_200 })
            {
                var fork = rig.Fork(1);
                var damaged = rig.Disk.ReadAll(paths[i]);
                damaged[position] ^= 0xFF;
                fork.Disk.Plant(paths[i], damaged);
                if (i >= 2)
                {
                    CheckKept(fork, LastBefore(paths, i));
                    continue;
                }

                Restart(fork);
                Assert.Null(fork.Recovered.Damage);
                Assert.Null(fork.Directory.RecoveringBecause);
                Assert.Equal(paths[..(i + 1)], fork.Recovered.DroppedSegments);
            }
        }
    }

    // Damage below the snapshot, and damage above it: what lies between is kept.
    [Fact]
    public void Damage_on_both_sides_of_the_snapshot_leaves_what_lies_between()
    {
        var rig = ManySegments();
        var paths = rig.SegmentPaths();
        rig.Mark(LastBefore(paths, 1), 1);
        rig.Append(rig.Recovered.Log.LastIndex.Value + 1, 30, term: 1, payloadBytes: 200);
        rig.Flush();
        rig.Append(rig.Recovered.Log.LastIndex.Value + 1, 60, term: 1, payloadBytes: 200);
        rig.Flush();
        paths = rig.SegmentPaths();
        Damage(rig, paths[0], 4_200);
        Damage(rig, paths[^1], 4_200);
        var expected = LastBefore(paths, paths.Length - 1);
        Restart(rig);
        Assert.Equal(expected, rig.Recovered.LastIndex.Value);
        Assert.Equal(LastBefore(paths, 1) + 1, rig.Recovered.FirstIndex.Value);
        Assert.Equal(paths[..1], rig.Recovered.DroppedSegments);
        Assert.NotNull(rig.Directory.RecoveringBecause);
    }

    [Fact]
    public void The_log_of_another_node_is_refused()
    {
        var rig = Written();
        var wrong = rig.Disk;
        var identity = new LogIdentity(99, 2, 77);
        var recovery = new LogRecovery(wrong, LogRig.LogPath, identity, rig.Limits);
        var refusal = Assert.Throws<DataUnusableException>(() => recovery.Run(0, _ => Assert.Fail("it was marked")));
        Assert.Contains("node 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("node 2", refusal.Message, StringComparison.Ordinal);
    }

    // raft-design P22: a node must not spread its own bit rot.
    [Fact]
    public void Entries_are_verified_again_when_they_are_read_for_a_peer()
    {
        var rig = Written();
        var path = rig.SegmentPaths().Single();
        var entries = rig.Writer.ReadEntries(new LogIndex(2), long.MaxValue);
        Assert.Equal([2L, 3L, 4L], entries!.Select(e => e.Index.Value));

        var damaged = rig.Disk.ReadAll(path);
        damaged[(int)BatchEnds(damaged)[1] + 50] ^= 1;
        rig.Disk.Plant(path, damaged);
        var found = Assert.Throws<LogDamagedException>(
            () => rig.Writer.ReadEntries(new LogIndex(2), long.MaxValue));
        Assert.Equal((path, 1L), (found.Damage.Path, found.Segment));
        Assert.Single(rig.Writer.ReadEntries(new LogIndex(2), 1)!);
    }

    [Fact]
    public void Entries_read_back_stop_at_the_byte_limit_and_are_null_when_compacted()
    {
        var rig = ManySegments();
        var log = rig.Recovered.Log;
        Assert.Single(log.ReadEntries(new LogIndex(1), 1)!);
        var some = log.ReadEntries(new LogIndex(5), 1_000)!;
        Assert.Equal(5, some[0].Index.Value);
        Assert.InRange(some.Sum(e => e.CountedBytes), 1_000, 1_500);
        Assert.Null(log.ReadEntries(log.LastIndex.Next, 1_000));

        rig.Mark(log.LastIndex.Value, 1);
        rig.Flush();
        rig.Writer.Compact(log.LastIndex.Next);
        rig.RunBackground();
        Assert.Null(log.ReadEntries(new LogIndex(1), 1_000));
        Assert.NotNull(log.ReadEntries(log.FirstIndex, 1_000));
    }

    /// <summary>
    /// One segment, four batches of one entry each, a vote, a mark, and the watermark at the last batch.
    /// </summary>
    private static LogRig Written(int batches = 4, bool settled = true)
    {
        var rig = new LogRig(1, LogRig.SmallLimits with { FirstSegmentBytes = 16 * 1024 }).Start();
        for (var i = 1; i <= batches; i++)
        {
            var state = i == 2 ? new HardState(new Term(1), new NodeId(1)) : default(HardState?);
            rig.Append(i, 1, term: 1, payloadBytes: 37 + (500 * i), state);
            if (i == 3)
                rig.Mark(1, 1);

            rig.Flush();
        }

        if (settled)
            Assert.False(rig.Writer.RunOnce());

        return rig;
    }

    private static LogRig ManySegments()
    {
        var rig = new LogRig().Start();
        for (var i = 0; i < 12; i++)
        {
            rig.Append((i * 10) + 1, 10, term: 1, payloadBytes: 200);
            rig.Flush();
        }

        Assert.False(rig.Writer.RunOnce());
        return rig;
    }

    private static LogRig FindDamage(LogRig rig, string path, byte[] damaged, string what)
    {
        var fork = rig.Fork(1);
        fork.Disk.Plant(path, damaged);
        Restart(fork);
        Assert.True(fork.Recovered.Damage is not null, $"accepted: {what}");
        Assert.Equal(fork.Recovered.Damage, fork.Directory.RecoveringBecause);
        Assert.True(fork.IsPastState(fork.DescribeRecovered()), $"never a state of this log: {what}");
        return fork;
    }

    private static void CheckKept(LogRig fork, long last)
    {
        Restart(fork);
        Assert.NotNull(fork.Recovered.Damage);
        Assert.Equal(last, fork.Recovered.LastIndex.Value);
        fork.DescribeRecovered();
        CheckGoesOn(fork);
    }

    /// <summary>What was cut is gone for good, and the log takes entries as before.</summary>
    private static void CheckGoesOn(LogRig rig)
    {
        rig.ContinueFromRecovered();
        rig.Append(rig.Recovered.LastIndex.Value + 1, 3, term: 9, payloadBytes: 300);
        rig.Flush();
        rig.CrashAndCheck(CrashOutcome.LoseAll);
        Assert.Null(rig.Recovered.Damage);
        Assert.NotNull(rig.Directory.RecoveringBecause);
    }

    private static void Damage(LogRig rig, string path, int position)
    {
        var bytes = rig.Disk.ReadAll(path);
        bytes[position] ^= 0xFF;
        rig.Disk.Plant(path, bytes);
    }

    private static long LastBefore(string[] paths, int segment)
    {
        Assert.True(SegmentFiles.TryParse(Path.GetFileName(paths[segment]), out _, out var first));
        return first - 1;
    }

    private static void Restart(LogRig rig)
    {
        rig.Disk.Kill();
        rig.Start();
    }

    private static string Read(LogRig rig)
    {
        Restart(rig);
        return rig.DescribeRecovered();
    }

    private static int WrittenEnd(byte[] bytes) => bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    private static long[] BatchEnds(byte[] bytes)
    {
        var ends = new List<long>();
        var header = FrameHeader.Read(bytes.AsSpan(SegmentHeader.Length));
        for (long offset = SegmentHeader.Length; header.IsPlausible; offset += header.FrameLength)
        {
            header = FrameHeader.Read(bytes.AsSpan((int)offset));
            if (header.Kind == FrameKind.BatchEnd)
                ends.Add(offset + header.FrameLength);
        }

        return ends.ToArray();
    }
}
