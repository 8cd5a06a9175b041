using Coord.Node.Storage;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>Large files go without making the log's flushes wait, and are never half gone.</summary>
public class GradualDeletionTests
{
    private const string Folder = "/data";
    private const string Large = "/data/large";
    private const string Small = "/data/small";
    private const int LargeBytes = (2 * GradualDeletion.StepBytes) + 5_000;

    [Fact]
    public void The_names_go_at_once_and_the_bytes_in_steps()
    {
        var disk = NewDisk(seed: 1);
        using var large = disk.Open(Large, FileOpen.Read);
        using var small = disk.Open(Small, FileOpen.Read);
        using var deletion = new GradualDeletion(disk);
        deletion.Delete(Folder, Large, Small);
        Assert.Empty(disk.List(Folder));
        Assert.Equal((LargeBytes, 700), (large.Length, small.Length));
        var lengths = new List<long>();
        while (deletion.RunOnce())
            lengths.Add(large.Length + small.Length);

        Assert.Equal([GradualDeletion.StepBytes + 5_700, 5_700, 700, 0], lengths);
        Assert.False(deletion.RunOnce());
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_deleted_all_the_same()
    {
        var disk = NewDisk(seed: 1);
        using var deletion = new GradualDeletion(disk);
        deletion.Delete(Folder, "/data/missing", Small);
        Assert.Equal(["large"], disk.List(Folder));
        Assert.True(deletion.RunOnce());
        Assert.False(deletion.RunOnce());
    }

    // Danger: the deletion of a name is lost with the power, and the file comes back without its end.
    [Theory]
    [InlineData(CrashOutcome.LoseAll)]
    [InlineData(CrashOutcome.KeepAll)]
    [InlineData(CrashOutcome.Random)]
    internal void A_crash_at_any_step_leaves_files_whole_or_gone(CrashOutcome outcome)
    {
        var isComplete = false;
        for (long after = 1; !isComplete; after++)
        {
            var disk = NewDisk((ulong)after);
            disk.CrashAtOperation = disk.Operations + after;
            isComplete = TryDelete(disk);
            disk.Crash(outcome);
            foreach (var path in disk.Paths)
                Assert.Equal(path == Large ? LargeBytes : 700, disk.ReadAll(path).Length);

            if (isComplete)
                Assert.Empty(disk.Paths);
        }
    }

    [Fact]
    public void On_the_real_disk_the_room_comes_back_in_steps()
    {
        var folder = Directory.CreateTempSubdirectory("coord-deletion-").FullName;
        try
        {
            var path = Path.Combine(folder, "file");
            File.WriteAllBytes(path, new byte[LargeBytes]);
            using var file = File.OpenRead(path);
            using var deletion = new GradualDeletion(new LinuxFileSystem());
            deletion.Delete(folder, path);
            Assert.False(File.Exists(path));
            var lengths = new List<long> { file.Length };
            while (deletion.RunOnce())
                lengths.Add(RandomAccess.GetLength(file.SafeFileHandle));

            Assert.Equal([LargeBytes, GradualDeletion.StepBytes + 5_000, 5_000, 0], lengths);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool TryDelete(SimulatedDisk disk)
    {
        try
        {
            using var deletion = new GradualDeletion(disk);
            deletion.Delete(Folder, Large, Small);
            while (deletion.RunOnce())
            {
                // Down to the last step.
            }

            return true;
        }
        catch (SimulatedCrashException)
        {
            return false;
        }
    }

    private static SimulatedDisk NewDisk(ulong seed)
    {
        var disk = new SimulatedDisk(seed);
        disk.CreateDirectory(Folder);
        disk.Plant(Large, new byte[LargeBytes]);
        disk.Plant(Small, new byte[700]);
        return disk;
    }
}
