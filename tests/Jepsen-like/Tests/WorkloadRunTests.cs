using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Tests;

/// <summary>Every workload on real processes: correct ones pass, and planted faults are found.</summary>
[Collection(ClusterCollection.Name)]
public sealed class WorkloadRunTests(ITestOutputHelper output)
{
    private const int Seconds = 15;

    [Theory(Timeout = 300_000)]
    [InlineData("multi-register,bank,append,set", 200)]
    [InlineData("ids,sequential,queue,sessions", 200)]
    [InlineData("mutex,rwlock,semaphore,ephemerals,expiry,digests", 20)]
    public async Task Kills_and_pauses_break_no_rule(string workloads, int operationsMin)
    {
        var result = await RunAsync(new RunOptions
        {
            Duration = TimeSpan.FromSeconds(Seconds), Workloads = workloads.Split(','),
        });
        Assert.True(result.Verdict == "ok",
            $"{result.Figures()}\n{result.Failure}\n{RunCommand.WriteOffending(result)}");
        Assert.All(result.Workloads, workload => Assert.True(
            workload.Report.Operations - workload.Report.Unknown >= operationsMin,
            $"only {workload.Report.Operations} operations of {workload.Workload.Name}"));
    }

    // A checker that passes these has shown nothing.
    [Theory(Timeout = 300_000)]
    [InlineData("mutex", PlantedFaults.IgnoreLostToken, "fencing", 20)]
    [InlineData("register", PlantedFaults.ReadsWithoutBarrier, "linearizability", 10)]
    [InlineData("set", PlantedFaults.ReadsWithoutBarrier, "set-lost", 10)]
    public async Task A_planted_fault_is_found(string workload, string planted, string rule, int seconds)
    {
        var result = await RunAsync(new RunOptions
        {
            Duration = TimeSpan.FromSeconds(seconds), Workloads = [workload], Planted = [planted], Nemeses = [],
        });
        Assert.Contains(result.Findings, finding => finding.Rule == rule);
    }

    private async Task<RunResult> RunAsync(RunOptions options)
    {
        var result = await new JepsenRun(options, output.WriteLine).ExecuteAsync();
        output.WriteLine(result.Figures());
        return result;
    }
}
