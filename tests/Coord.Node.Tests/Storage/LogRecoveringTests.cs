using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// raft-design P21, P30, T16: a node that lost something says so durably before it cuts anything, and comes to the same
/// end whatever interrupts it.
/// </summary>
public class LogRecoveringTests
{
    private const string Flag = "/data/recovering";

    /// <summary>What may have become of a log, each by name.</summary>
    public static TheoryData<string> Losses { get; } =
    [
        "a flipped bit in the middle", "a damaged header in the middle", "a missing segment", "the log is missing",
        "the end is gone", "a segment too short", "damage on both sides of the snapshot", "no snapshot reaches the log",
    ];

    // A crash in the middle of the cut may leave the node with less than before, but never with the word that all is
    // well: then it would vote, and acknowledge, without what it promised.
    [Theory]
    [MemberData(nameof(Losses))]
    public void A_crash_at_any_operation_of_the_cut_leads_to_the_same_end(string loss)
    {
        var damaged = Lose(loss, out var isLogDiscarded);
        var planted = Segments(damaged);
        var undisturbed = damaged.Fork(1);
        Recover(undisturbed, isLogDiscarded);
        var expected = undisturbed.DescribeRecovered();
        foreach (var outcome in Enum.GetValues<CrashOutcome>())
        {
            var isComplete = false;
            for (var crashAt = 1; !isComplete; crashAt++)
            {
                var rig = damaged.Fork((ulong)crashAt);
                isComplete = TryRecover(rig, crashAt, isLogDiscarded);
                rig.Disk.Crash(outcome);
                if (!rig.Disk.Exists(Flag))
                    Assert.Equal(planted, Segments(rig));

                Recover(rig, isLogDiscarded);
                Assert.Equal(expected, rig.DescribeRecovered());
                Assert.NotNull(rig.Directory.RecoveringBecause);
                CheckGoesOn(rig);
            }
        }
    }

    // raft-design P30: what the log is found to be afterwards does not matter; only having recovered clears the flag.
    [Fact]
    public void The_flag_stays_until_it_is_cleared_and_then_the_log_is_sound()
    {
        var rig = Lose("a flipped bit in the middle", out _);
        rig.Start();
        var because = rig.Directory.RecoveringBecause;
        Assert.Contains("corruption", because, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            rig.Disk.Crash(CrashOutcome.LoseAll);
            rig.Start();
            Assert.Null(rig.Recovered.Damage);
            Assert.Equal(because, rig.Directory.RecoveringBecause);
        }

        rig.Directory.ClearRecovering();
        rig.Disk.Crash(CrashOutcome.LoseAll);
        rig.Start();
        Assert.Null(rig.Directory.RecoveringBecause);
        Assert.Null(rig.Recovered.Damage);
    }

    // What is in the file does not matter to its meaning.
    [Fact]
    public void An_empty_flag_is_a_flag()
    {
        var rig = ManySegments();
        rig.Disk.Plant(Flag, []);
        rig.Disk.Kill();
        rig.Start();
        Assert.NotNull(rig.Directory.RecoveringBecause);
    }

    // A missing log may as well be a wiped disk: the node may have promised anything (raft-design P30).
    [Fact]
    public void A_missing_log_is_not_an_empty_one()
    {
        var rig = Lose("the log is missing", out _);
        rig.Start();
        Assert.Contains("missing", rig.Directory.RecoveringBecause, StringComparison.Ordinal);
        Assert.Equal(0, rig.Recovered.LastIndex.Value);
    }

    // raft-design P30: term and vote stand in the log; a batch that held them is lost with them.
    [Fact]
    public void A_vote_that_cannot_be_read_is_a_loss()
    {
        var rig = new LogRig().Start();
        rig.Append(1, 1, term: 1, state: new HardState(new Term(1), new NodeId(1)));
        rig.Flush();
        rig.Append(2, 0, term: 1, state: new HardState(new Term(7), new NodeId(2)));
        rig.Flush();
        var path = rig.SegmentPaths().Single();
        var bytes = rig.Disk.ReadAll(path);
        bytes[bytes.AsSpan().LastIndexOfAnyExcept((byte)0) - 70] ^= 1;
        rig.Disk.Plant(path, bytes);
        rig.Disk.Kill();
        rig.Start();
        Assert.NotNull(rig.Directory.RecoveringBecause);
        Assert.Equal(new HardState(new Term(1), new NodeId(1)), rig.Recovered.HardState);
    }

    // The last batch of a full segment is sound, only the zeros behind it are too few or too many.
    [Theory]
    [InlineData(-8)]
    [InlineData(8)]
    public void A_full_segment_of_another_length_is_mended_once(int more)
    {
        var rig = ManySegments();
        var path = rig.SegmentPaths()[6];
        var bytes = rig.Disk.ReadAll(path);
        Array.Resize(ref bytes, bytes.Length + more);
        rig.Disk.Plant(path, bytes);
        rig.Disk.Kill();
        rig.Start();
        Assert.NotNull(rig.Recovered.Damage);
        var last = rig.Recovered.LastIndex;
        rig.Disk.Crash(CrashOutcome.LoseAll);
        rig.Start();
        Assert.Null(rig.Recovered.Damage);
        Assert.Equal(last, rig.Recovered.LastIndex);
    }

    // A sector that the disk cannot read is as lost as one with other bytes.
    [Fact]
    public void A_segment_that_cannot_be_read_is_a_loss_and_not_the_end()
    {
        var rig = ManySegments();
        var paths = rig.SegmentPaths();
        rig.Disk.Kill();
        rig.Disk.IsUnreadable = path => path == paths[6];
        rig.Start();
        Assert.Contains("cannot be read", rig.Directory.RecoveringBecause, StringComparison.Ordinal);
        Assert.True(SegmentFiles.TryParse(Path.GetFileName(paths[6]), out _, out var first));
        Assert.Equal(first - 1, rig.Recovered.LastIndex.Value);
    }

    // raft-design I7: an older version must not cut away what a newer one wrote.
    [Fact]
    public void A_log_of_a_newer_format_is_refused_and_left_alone()
    {
        var rig = ManySegments();
        var path = rig.SegmentPaths()[6];
        var bytes = rig.Disk.ReadAll(path);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(4088), Checksum.Of(bytes.AsSpan(0, 4088)));
        rig.Disk.Plant(path, bytes);
        var planted = Segments(rig);
        rig.Disk.Kill();
        var refusal = Assert.Throws<DataUnusableException>(() => rig.Start());
        Assert.Contains("format 2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(planted, Segments(rig));
        Assert.False(rig.Disk.Exists(Flag));
    }

    // raft-design M4, P12: a membership that was replaced, or dropped with the log before a snapshot, must not rule.
    [Fact]
    public void Memberships_and_feature_levels_are_read_back_and_popped_with_their_entries()
    {
        var rig = new LogRig().Start();
        rig.AppendKinds(1, term: 1, Command, Membership, Level, Command, Membership);
        rig.Flush();
        Assert.Equal([(2L, Membership), (3L, Level), (5L, Membership)], CoreEntries(rig));
        rig.AppendKinds(4, term: 2, Command, Command);
        rig.Flush();
        Assert.Equal([(2L, Membership), (3L, Level)], CoreEntries(rig));
        rig.AppendKinds(2, term: 3, Command);
        rig.Flush();
        Assert.Empty(CoreEntries(rig));
        rig.AppendKinds(3, term: 3, Membership);
        rig.Mark(40, 4, reset: true);
        rig.AppendKinds(41, term: 4, Level);
        rig.Flush();
        Assert.Equal([(41L, Level)], CoreEntries(rig));
        var entry = rig.Recovered.MembershipEntries[0];
        Assert.Equal(new Term(4), entry.Term);
        Assert.True(Appends.IsAsMade(entry with { Kind = EntryKind.Command }));
    }

    private const EntryKind Command = EntryKind.Command;
    private const EntryKind Membership = (EntryKind)2;
    private const EntryKind Level = (EntryKind)4;

    private static (long Index, EntryKind Kind)[] CoreEntries(LogRig rig)
    {
        rig.Disk.Crash(CrashOutcome.LoseAll);
        rig.Start();
        return [.. rig.Recovered.MembershipEntries.Select(e => (e.Index.Value, e.Kind))];
    }

    private static LogRig Lose(string loss, out bool isLogDiscarded)
    {
        var rig = ManySegments();
        var paths = rig.SegmentPaths();
        isLogDiscarded = loss == "no snapshot reaches the log";
        switch (loss)
        {
            case "a flipped bit in the middle":
                Damage(rig, paths[6], 4_800);
                break;
            case "a damaged header in the middle":
                Damage(rig, paths[6], 60);
                break;
            case "a missing segment":
                rig.Disk.Remove(paths[6]);
                break;
            case "the log is missing":
                Array.ForEach(paths, rig.Disk.Remove);
                break;
            case "the end is gone":
                var bytes = rig.Disk.ReadAll(paths[^1]);
                bytes.AsSpan(SegmentHeader.Length).Clear();
                rig.Disk.Plant(paths[^1], bytes);
                break;
            case "a segment too short":
                rig.Disk.Plant(paths[^1], rig.Disk.ReadAll(paths[^1])[..5_000]);
                break;
            case "damage on both sides of the snapshot":
                Damage(rig, paths[0], 4_800);
                Damage(rig, paths[^2], 4_800);
                break;
            default:
                rig.Writer.Compact(new LogIndex(30));
                rig.RunBackground();
                break;
        }

        rig.Disk.Kill();
        return rig;
    }

    private static void Damage(LogRig rig, string path, int position)
    {
        var bytes = rig.Disk.ReadAll(path);
        bytes[position] ^= 0x10;
        rig.Disk.Plant(path, bytes);
    }

    private static LogRig ManySegments()
    {
        var rig = new LogRig().Start();
        for (var i = 0; i < 12; i++)
        {
            rig.Append((i * 10) + 1, 10, term: 1, payloadBytes: 200);
            if (i == 3)
                rig.Mark(30, 1);

            rig.Flush();
        }

        Assert.False(rig.Writer.RunOnce());
        Assert.True(rig.SegmentPaths().Length >= 8);

        // The machine ran long enough for the kernel to write the watermark back.
        rig.Disk.Plant("/data/watermark", rig.Disk.ReadAll("/data/watermark"));
        return rig;
    }

    private static bool TryRecover(LogRig rig, int crashAt, bool isLogDiscarded)
    {
        rig.Disk.CrashAtOperation = rig.Disk.Operations + crashAt;
        try
        {
            Recover(rig, isLogDiscarded);
            return true;
        }
        catch (SimulatedCrashException)
        {
            return false;
        }
    }

    private static void Recover(LogRig rig, bool isLogDiscarded)
    {
        rig.Start();
        if (isLogDiscarded && rig.Recovered.FirstIndex.Value > 1)
            rig.DiscardLog("no snapshot");
    }

    private static void CheckGoesOn(LogRig rig)
    {
        rig.ContinueFromRecovered();
        rig.Append(rig.Recovered.LastIndex.Value + 1, 3, term: 9, payloadBytes: 300);
        rig.Flush();
        rig.CrashAndCheck(CrashOutcome.LoseAll);
        Assert.Null(rig.Recovered.Damage);
    }

    private static Dictionary<string, byte[]> Segments(LogRig rig) =>
        rig.SegmentPaths().ToDictionary(path => path, rig.Disk.ReadAll);
}
