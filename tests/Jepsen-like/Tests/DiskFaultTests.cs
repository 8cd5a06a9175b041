using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Faults.Disks;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Targets;

namespace Coord.JepsenLike.Tests;

/// <summary>Disks that fail, and power that fails, under real nodes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DiskFaultTests(ITestOutputHelper output)
{
    private const string Key = "/traced";
    private const int Writes = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A shim that misses calls would pass every fault and show nothing. ZooKeeper's are made by Java's own libraries.
    [Theory(Timeout = 180_000)]
    [InlineData("coord")]
    [InlineData("zookeeper")]
    public async Task The_shim_sees_the_calls_that_the_kernel_sees(string name)
    {
        NativeProgram.Require("cc", "gcc libc6-dev");
        NativeProgram.Require("strace", "strace");
        var target = Target.Find(name)!;
        if (target.Program is { } program && !File.Exists(program.Path))
            Assert.Skip($"{name} is not installed: it comes with the package {program.Package}");
        await using var cluster = await LocalCluster.StartAsync(
            new RunOptions { Target = target }.CreateLauncher(), nodes: 1,
            ClusterNeeds.DiskShim | ClusterNeeds.SmallFiles);
        using var session = new SessionClient(cluster.Nodes, firstNode: 1, Patience);
        Assert.True(await session.TryConnectAsync());
        Assert.Equal(0, (await session.CreateAsync(Key, [])).Error);

        var path = Path.Combine(cluster.Directory, "trace");
        var before = await AtRestAsync(cluster.Disks!.Of(1));
        await using (await SystemCallTrace.AttachAsync(cluster.PidOf(1), path))
        {
            for (var i = 0; i < Writes; i++)
                Assert.Equal(0, (await session.SetDataAsync(Key, Wire.Datum(i, i), version: -1)).Error);
            var after = await AtRestAsync(cluster.Disks.Of(1));
            before = (after.Writes - before.Writes, after.Flushes - before.Flushes);
        }

        var ends = TracedCall.Read(File.ReadLines(path)).Where(call => call.Edge == TracedEdge.End).ToArray();
        var data = cluster.DataOf(1) + "/";
        var traced = ends.Where(call => call.Descriptor.StartsWith(data, StringComparison.Ordinal)).ToArray();
        Assert.True(before.Flushes >= Writes, $"only {before.Flushes} flushes");
        Assert.Equal(traced.Count(call => call.Name.Contains("write", StringComparison.Ordinal)), before.Writes);
        Assert.Equal(traced.Count(call => call.Name.Contains("sync", StringComparison.Ordinal)), before.Flushes);
    }

    // Raft thesis 3.8: what was acknowledged was durable at a majority, whatever the others and the kernel still held.
    // Decision records 6 and 10: who cannot write or flush stops, and who finds damage recovers from the others.
    [Fact(Timeout = 300_000)]
    public async Task Disks_and_power_that_fail_lose_nothing_that_was_acknowledged()
    {
        var result = await RunAsync(new RunOptions { Nemeses = ["power", "blackout", "disk", "corruption"] });
        Assert.True(result.Verdict == "ok",
            $"{result.Figures()}\n{result.Failure}\n{string.Concat(result.Findings.Take(3))}");
    }

    // A suite that passes this too has shown nothing of durability.
    [Fact(Timeout = 300_000)]
    public async Task Nodes_that_acknowledge_before_they_flush_are_found_when_the_power_fails()
    {
        var result = await RunAsync(new RunOptions
        {
            Workloads = ["set"], Nemeses = ["blackout"], Planted = [PlantedFaults.EarlyAck],
        });
        Assert.Contains(result.Findings, finding => finding.Rule == "set-lost");
    }

    private async Task<RunResult> RunAsync(RunOptions options)
    {
        NativeProgram.Require("cc", "gcc libc6-dev");
        var result = await new JepsenRun(
            options with { Duration = TimeSpan.FromSeconds(15) }, output.WriteLine).ExecuteAsync();
        output.WriteLine(result.Figures());
        Assert.NotEmpty(result.Faults);
        return result;
    }

    /// <summary>The counts when nothing has been written for a while.</summary>
    private static async Task<(long Writes, long Flushes)> AtRestAsync(DiskControl disk)
    {
        using var timer = new CancellationTokenSource(Patience);
        var last = Counts(disk);
        for (var calm = 0; calm < 10; calm++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), timer.Token);
            calm = Counts(disk) == last ? calm : 0;
            last = Counts(disk);
        }

        return last;
    }

    private static (long Writes, long Flushes) Counts(DiskControl disk) =>
        (disk[DiskCounter.Writes], disk[DiskCounter.Flushes] + disk[DiskCounter.DirectoryFlushes]);
}
