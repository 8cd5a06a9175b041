using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Tests;

/// <summary>Every workload on real processes: correct ones pass, and planted faults are found.</summary>
[Collection(ClusterCollection.Name)]
public sealed class WorkloadRunTests(ITestOutputHelper output)
{
    private const int Seconds = 20;
    private const int OperationsMin = 20;

    // A campaign puts four beside each other; here are all.
    [Fact(Timeout = 300_000)]
    public async Task Kills_and_pauses_break_no_rule_of_any_workload()
    {
        var result = await RunAsync(new RunOptions
        {
            Duration = TimeSpan.FromSeconds(Seconds), Workloads = [.. WorkloadCatalog.All.Select(kind => kind.Name)],
        });
        Assert.True(result.Verdict == "ok",
            $"{result.Figures()}\n{result.Failure}\n{RunCommand.WriteOffending(result)}");
        Assert.All(result.Workloads, workload => Assert.True(
            workload.Report.Operations - workload.Report.Unknown >= OperationsMin,
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
