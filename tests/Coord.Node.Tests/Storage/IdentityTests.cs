using Coord.Node.Storage;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>raft-design I3, M14: who a data directory belongs to survives crashes and one damaged file.</summary>
public class IdentityTests
{
    private const string Main = "/data/identity";
    private const string Copy = "/data/identity.copy";

    private static readonly GenesisMember[] Members = [new(1, 77), new(2, 78), new(3, 79)];

    [Fact]
    public void An_identity_is_read_back_with_its_cluster()
    {
        var disk = Founded();
        using var directory = Open(disk);
        Assert.Equal((UInt128)77, directory.Identity.Incarnation);
        Assert.Equal((UInt128)5, directory.Identity.Cluster);
        Assert.Equal(Members, directory.Identity.Genesis);
        Assert.Equal(2, directory.StartNumber);
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
            () => DataDirectory.Open(disk, "/data", 2, NodeLimits.Default, 1));
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
            using var directory = DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 88);
            Assert.True(told == 0 || directory.Identity.Incarnation == told);
            Assert.True(directory.StartNumber > lastStart);
            if (!directory.Identity.HasCluster)
                directory.SetGenesis(5, Members);

            Assert.Equal(0, directory.RecoverLog().LastIndex.Value);
        }
    }

    [Fact]
    public void The_number_of_starts_survives_one_damaged_slot_and_not_two()
    {
        var disk = Founded();
        var bytes = disk.ReadAll("/data/starts");
        bytes[30] ^= 1;
        disk.Plant("/data/starts", bytes);
        Open(disk).Dispose();
        bytes = disk.ReadAll("/data/starts");
        bytes[30] ^= 1;
        bytes[542] ^= 1;
        disk.Plant("/data/starts", bytes);
        Assert.Throws<DataUnusableException>(() => Open(disk));
    }

    private static UInt128 TryFound(SimulatedDisk disk, out long lastStart)
    {
        UInt128 told = 0;
        lastStart = 0;
        try
        {
            for (var i = 0; i < 2; i++)
            {
                using var directory = DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 77);
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

    private static SimulatedDisk Founded()
    {
        var disk = new SimulatedDisk(1);
        using var directory = DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 77);
        directory.SetGenesis(5, Members);
        return disk;
    }

    private static DataDirectory Open(SimulatedDisk disk) =>
        DataDirectory.Open(disk, "/data", 1, LogRig.SmallLimits, 88);
}
