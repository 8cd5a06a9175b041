using System.Buffers.Binary;
using Coord.Node.Members;
using Coord.Node.Storage;
using Coord.Node.Tests.Members;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>raft-design I3, M14: who a data directory belongs to survives crashes and one damaged file.</summary>
public class IdentityTests
{
    private const string Main = "/data/identity";
    private const string Copy = "/data/identity.copy";
    private const string Starts = "/data/starts";

    private static readonly Member[] Members = [TestMember.Of(1, 77), TestMember.Of(2, 78), TestMember.Of(3, 79)];

    [Fact]
    public void An_identity_is_read_back_with_its_cluster()
    {
        var disk = Founded();
        using var directory = Open(disk);
        Assert.Equal((UInt128)77, directory.Identity.Incarnation);
        Assert.Equal((UInt128)5, directory.Identity.Cluster);
        Assert.Equal(Members, directory.Identity.Genesis);
        Assert.Null(directory.RecoveringBecause);
    }

    [Fact]
    public void A_removed_node_knows_it_until_it_is_let_in_again()
    {
        var disk = Founded();
        using (var directory = Open(disk))
            directory.MarkRemoved("taken out");
        using (var directory = Open(disk))
        {
            Assert.Equal("taken out", directory.RemovedBecause);
            directory.MarkRemoved(null);
        }

        using var again = Open(disk);
        Assert.Null(again.RemovedBecause);
    }

    [Fact]
    public void Any_flipped_byte_in_one_copy_is_healed_from_the_other()
    {
        foreach (var path in new[] { Main, Copy })
        {
            var length = Founded().ReadAll(path).Length;
            for (var position = 0; position < length; position++)
            {
                var disk = Founded();
                var bytes = disk.ReadAll(path);
                bytes[position] ^= 0x40;
                disk.Plant(path, bytes);
                Open(disk).Dispose();
                Assert.Equal(disk.ReadAll(Main), disk.ReadAll(Copy));
                using var again = Open(disk);
                Assert.Equal(Members, again.Identity.Genesis);
            }
        }
    }

    [Fact]
    public void Two_damaged_copies_are_refused()
    {
        var disk = Founded();
        disk.Plant(Main, [1, 2, 3]);
        disk.Plant(Copy, []);
        Assert.Throws<DataUnusableException>(() => Open(disk));
    }

    [Fact]
    public void A_log_without_identity_is_refused()
    {
        var disk = Founded();
        disk.Remove(Main);
        disk.Remove(Copy);
        Assert.Throws<DataUnusableException>(() => Open(disk));
    }

    [Fact]
    public void The_directory_of_another_node_is_refused()
    {
        var disk = Founded();
        Assert.Throws<DataUnusableException>(
            () => DataDirectory.Open(disk, "/data", 2, NodeLimits.Default, 1, TimeProvider.System));
    }

    // A crash at any operation leaves an identity that is new, or founded with its log; never a new incarnation once
    // the old one was told to others, and never the same start number twice (raft-design I4, I9).
    [Theory]
    [InlineData(CrashOutcome.LoseAll)]
    [InlineData(CrashOutcome.KeepAll)]
    [InlineData(CrashOutcome.Random)]
    internal void A_crash_at_any_operation_of_the_founding_leaves_a_usable_directory(CrashOutcome outcome)
    {
        for (long crashAt = 1; crashAt < 60; crashAt++)
        {
            var disk = new SimulatedDisk((ulong)crashAt) { CrashAtOperation = crashAt };
            var told = TryFound(disk, out var lastStart);
            disk.Crash(outcome);
            using var directory = DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 88, TimeProvider.System);
            Assert.True(told == 0 || directory.Identity.Incarnation == told);
            Assert.True(directory.StartNumber > lastStart);
            if (!directory.Identity.HasCluster)
                directory.SetGenesis(5, Members);

            Assert.Equal(0, directory.RecoverLog().LastIndex.Value);
        }
    }

    // Its genesis lists it, as another: alone there, it would elect itself (raft-design I3, M15, P30).
    [Theory]
    [InlineData(77, false)]
    [InlineData(99, true)]
    public void A_founder_that_comes_back_with_another_disk_begins_as_recovering(int incarnation, bool isRecovering)
    {
        using var directory = DataDirectory.Open(
            new SimulatedDisk(1), "/data", 1, LogRig.SmallLimits, (UInt128)incarnation, TimeProvider.System);
        directory.SetGenesis(5, Members);
        Assert.Equal(isRecovering, directory.RecoveringBecause is not null);
    }

    // raft-design I9: a start number that comes again would let old requests pass for new ones.
    [Fact]
    public void The_number_of_starts_survives_one_damaged_slot()
    {
        var disk = Founded();
        var before = Start(disk);
        foreach (var position in new[] { 30, 542, 30 })
        {
            Damage(disk, position);
            Assert.Equal(++before, Start(disk));
        }
    }

    // raft-design P30: the directory has lost something; a number above all that were given is the wall clock's.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lost_number_of_starts_begins_anew_above_and_the_node_recovers(bool isMissing)
    {
        for (long crashAt = 0; crashAt < 12; crashAt++)
        {
            var disk = Founded();
            var before = Start(disk);
            if (isMissing)
                disk.Remove(Starts);
            else
                disk.Plant(Starts, new byte[1024]);
            disk.CrashAtOperation = disk.Operations + crashAt;
            try
            {
                Start(disk, new LaterTime());
            }
            catch (SimulatedCrashException)
            {
                disk.Crash(CrashOutcome.LoseAll);
            }

            disk.CrashAtOperation = long.MaxValue;
            using var directory =
                DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 88, new LaterTime());
            Assert.True(directory.StartNumber > before);
            Assert.Contains("starts", directory.RecoveringBecause, StringComparison.Ordinal);
        }
    }

    // raft-design M15: a directory that replaces another one of the same node must not repeat its numbers.
    [Fact]
    public void A_new_directory_begins_above_an_older_one_of_the_same_node()
    {
        var older = Founded();
        var last = Start(older);
        var newer = new SimulatedDisk(1);
        Assert.True(Start(newer, new LaterTime()) > last);
    }

    // raft-design I9: the wall clock was behind the one that numbered the starts of the directory before.
    [Fact]
    public void A_start_number_is_raised_above_one_that_was_given_before_and_stays_there()
    {
        var disk = Founded();
        long number;
        using (var directory = DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 88, TimeProvider.System))
        {
            number = directory.StartNumber + 5_000_000;
            directory.RaiseStartNumber(number);
        }

        disk.Crash(CrashOutcome.LoseAll);
        var raised = Start(disk);
        Assert.True(raised > number);
        Assert.Equal(raised + 1, Start(disk));
        using var again = Open(disk);
        Assert.Null(again.RecoveringBecause);
    }

    /// <summary>
    /// raft-design I7: after a downgrade the node stops and says which version it needs, instead of taking what it
    /// cannot read for damage.
    /// </summary>
    [Fact]
    public void An_identity_that_a_newer_version_wrote_is_named_as_such()
    {
        var disk = Founded();
        var bytes = disk.ReadAll(Copy);
        bytes[8] = 3;
        bytes.AsSpan(64, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(64), Checksum.Of(bytes));
        disk.Plant(Copy, bytes);
        var failure = Assert.Throws<DataUnusableException>(() => Open(disk));
        Assert.Contains("format 3, and this version reads 2", failure.Message, StringComparison.Ordinal);
    }

    private static UInt128 TryFound(SimulatedDisk disk, out long lastStart)
    {
        UInt128 told = 0;
        lastStart = 0;
        try
        {
            for (var i = 0; i < 2; i++)
            {
                using var directory = DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 77, TimeProvider.System);
                told = directory.Identity.Incarnation;
                lastStart = directory.StartNumber;
                if (!directory.Identity.HasCluster)
                    directory.SetGenesis(5, Members);
            }
        }
        catch (SimulatedCrashException)
        {
            return told;
        }

        return told;
    }

    private static long Start(SimulatedDisk disk, TimeProvider? time = null)
    {
        using var directory =
            DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 88, time ?? TimeProvider.System);
        return directory.StartNumber;
    }

    private static void Damage(SimulatedDisk disk, int position)
    {
        var bytes = disk.ReadAll(Starts);
        bytes[position] ^= 1;
        disk.Plant(Starts, bytes);
    }

    private static SimulatedDisk Founded()
    {
        var disk = new SimulatedDisk(1);
        using var directory = DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 77, TimeProvider.System);
        directory.SetGenesis(5, Members);
        return disk;
    }

    private static DataDirectory Open(SimulatedDisk disk) =>
        DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 88, TimeProvider.System);

    /// <summary>The clock an hour on.</summary>
    private sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromHours(1);
    }
}
