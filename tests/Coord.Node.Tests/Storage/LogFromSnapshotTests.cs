using Coord.Raft;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// A start reads no more of the log than its newest snapshot leaves: what stands below it is irrelevant (raft-design
/// P21).
/// </summary>
public class LogFromSnapshotTests
{
    [Fact]
    public void Segments_that_the_snapshot_stands_for_are_left_unread_and_stay()
    {
        var rig = Snapshot(out var mark, out var paths);
        var last = rig.Recovered.Log.LastIndex;
        Restart(rig);

        Assert.InRange(rig.Recovered.SegmentsUnread, 1, paths.Length - 2);
        Assert.InRange(rig.Recovered.FirstIndex.Value, 2, mark + 1);
        Assert.Equal((last, new LogIndex(mark)), (rig.Recovered.LastIndex, rig.Recovered.Mark.Index));
        Assert.Equal(paths, rig.SegmentPaths());
        var entries = rig.Recovered.Log.ReadEntries(new LogIndex(mark + 1), long.MaxValue)!;
        Assert.Equal(last.Value - mark, entries.Count);
        Assert.All(entries, entry => Assert.True(Appends.IsAsMade(entry)));
        Assert.Null(rig.Recovered.Log.ReadEntries(new LogIndex(1), long.MaxValue));
    }

    [Fact]
    public void Unread_segments_go_when_the_log_is_shortened()
    {
        var rig = Snapshot(out var mark, out var paths);
        Restart(rig);
        rig.Writer.Compact(new LogIndex(mark + 1));
        rig.RunBackground();
        Assert.Equal(paths[rig.Recovered.SegmentsUnread..], rig.SegmentPaths());
    }

    [Fact]
    public void The_log_goes_on_behind_what_was_read()
    {
        var rig = Snapshot(out _, out _);
        Restart(rig);
        rig.Append(rig.Recovered.LastIndex.Value + 1, 5, term: 1);
        rig.Flush();
        rig.CrashAndCheck(Simulation.Disk.CrashOutcome.LoseAll);
    }

    // The snapshot before reaches further back, and a start that needs it reads everything (raft-design S12).
    [Fact]
    public void The_whole_log_can_still_be_read_after_a_part_of_it()
    {
        var rig = Snapshot(out _, out _);
        Restart(rig);
        var all = rig.Directory.RecoverLog();
        Assert.Equal((0, 1L), (all.SegmentsUnread, all.FirstIndex.Value));
        Assert.Null(all.Damage);
    }

    [Fact]
    public void Damage_below_the_snapshot_is_not_looked_at()
    {
        var rig = Snapshot(out _, out var paths);
        Damage(rig, paths[0], 4_200);
        Restart(rig);
        Assert.Null(rig.Recovered.Damage);
        Assert.Equal(paths, rig.SegmentPaths());
    }

    // What is judged is the whole log, as if nothing had been left out.
    [Theory]
    [InlineData(60)]
    [InlineData(4_200)]
    public void Damage_above_the_snapshot_is_judged_by_the_whole_log(int position)
    {
        var rig = Snapshot(out _, out var paths);
        Damage(rig, paths[^1], position);
        var whole = rig.Fork(1);
        whole.Disk.Kill();
        whole.Start();
        Restart(rig);
        Assert.NotNull(rig.Recovered.Damage);
        Assert.Equal(
            (whole.Recovered.Damage, whole.Recovered.FirstIndex, whole.Recovered.LastIndex),
            (rig.Recovered.Damage, rig.Recovered.FirstIndex, rig.Recovered.LastIndex));
        Assert.NotNull(rig.Directory.RecoveringBecause);
    }

    // Followers overwrite what a lost leader wrote (raft-design P12): a segment may begin again below its own first
    // index, but never below the snapshot.
    [Fact]
    public void Entries_that_were_replaced_behind_the_snapshot_are_read_as_they_became()
    {
        var rig = Snapshot(out var mark, out _);
        var next = mark + 2;
        for (var batch = 0; batch < 6; batch++, next += 10)
        {
            rig.Append(next, 10, term: 2, payloadBytes: 200);
            rig.Flush();
        }

        Restart(rig);
        Assert.Equal(next - 1, rig.Recovered.LastIndex.Value);
        var entries = rig.Recovered.Log.ReadEntries(new LogIndex(mark + 1), long.MaxValue)!;
        Assert.Equal([1L, 2L], entries.Select(entry => entry.Term.Value).Distinct());
        Assert.Equal(new LogIndex(mark + 2), entries.First(entry => entry.Term.Value == 2).Index);
        Assert.Equal(entries.Select(entry => entry.Index.Value).Order(), entries.Select(entry => entry.Index.Value));
    }

    // A dozen segments, a snapshot of what is in the first third of them, and its mark in the header of the last ones.
    private static LogRig Snapshot(out long mark, out string[] paths)
    {
        var rig = new LogRig().Start();
        long next = 1;
        for (; next <= 80; next += 10)
            Batch(rig, next);
        mark = 75;
        rig.Mark(mark, 1);
        rig.Flush();
        for (; next <= 240; next += 10)
            Batch(rig, next);
        Assert.False(rig.Writer.RunOnce());
        paths = rig.SegmentPaths();
        return rig;
    }

    private static void Batch(LogRig rig, long first)
    {
        rig.Append(first, 10, term: 1, payloadBytes: 200);
        rig.Flush();
    }

    private static void Damage(LogRig rig, string path, int position)
    {
        var bytes = rig.Disk.ReadAll(path);
        bytes[position] ^= 0xFF;
        rig.Disk.Plant(path, bytes);
    }

    private static void Restart(LogRig rig)
    {
        rig.Disk.Kill();
        rig.Start(fromSnapshot: true);
    }
}
