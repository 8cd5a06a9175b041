using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// What every change must pass, on real processes: correct ones break no rule, and planted faults are found.
/// <c>run --secs S</c> goes on as long as one likes.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class WorkloadRunTests(ITestOutputHelper output)
{
    private const int OperationsMin = 20;
    private const int FaultsMin = 2;

    // A campaign puts four beside each other; here are all. Raft thesis 3.2, 5.1 and 6.4: whatever happens to a
    // minority, and even to all, what clients see is one copy, also where logs are compacted all the time and who fell
    // behind gets a snapshot.
    [Fact(Timeout = 300_000)]
    public async Task Kills_and_pauses_break_no_rule_of_any_workload()
    {
        var result = await RunAsync(new RunOptions
        {
            Duration = TimeSpan.FromSeconds(15), Workloads = [.. WorkloadCatalog.All.Select(kind => kind.Name)],
            CompactsOften = true,
        });
        Passed(result);
        Assert.All(result.Workloads, workload => Assert.True(
            workload.Report.Operations - workload.Report.Unknown >= OperationsMin,
            $"only {workload.Report.Operations} operations of {workload.Workload.Name}"));

        // The same history, spoilt in one place: a checker that passes this too has shown nothing.
        var history = result.Workloads.Single(workload => workload.Workload.Name == "znodes").History.ToList();
        const string Root = WorkloadContext.Roots + "/znodes";
        Finds(Planting.StaleValue(history, ZnodeKeys.Register(Root, 0)));
        Finds(Planting.StaleNode(history, ZnodeKeys.Register(Root, 1)));
        Finds(Planting.LostWrite(history, ZnodeKeys.Register(Root, 2)));
        Finds(Planting.DoubledIncrement(history, ZnodeKeys.Counter(Root, 0)));
    }

    // Raft thesis 6.4: who is cut off answers no read of the past as if it were the present.
    [Fact(Timeout = 300_000)]
    public async Task Packets_that_are_lost_leave_a_linearizable_history()
    {
        var whyNot = NamespaceSupport.WhyNot();
        Assert.SkipWhen(whyNot is not null, $"no network namespaces: {whyNot}");
        Passed(await RunAsync(new RunOptions
        {
            Duration = TimeSpan.FromSeconds(15), Nodes = 5, Network = NetworkMode.Namespaces,
            Nemeses = ["partition", "partition-one-way", "partition-clients", "flapping", "loss"],
        }));
    }

    // A checker that passes these has shown nothing.
    [Theory(Timeout = 300_000)]
    [InlineData(PlantedFaults.IgnoreLostToken, 12, "mutex", "fencing")]
    [InlineData(PlantedFaults.ReadsWithoutBarrier, 10, "register,set", "linearizability,set-lost")]
    public async Task A_planted_fault_is_found(string planted, int seconds, string workloads, string rules)
    {
        var result = await RunAsync(new RunOptions
        {
            Duration = TimeSpan.FromSeconds(seconds), Workloads = workloads.Split(','), Planted = [planted],
            Nemeses = [],
        });
        Assert.All(rules.Split(','), rule => Assert.Contains(result.Findings, finding => finding.Rule == rule));
    }

    private async Task<RunResult> RunAsync(RunOptions options)
    {
        var result = await new JepsenRun(options, output.WriteLine).ExecuteAsync();
        output.WriteLine(result.Figures());
        return result;
    }

    private static void Passed(RunResult result)
    {
        var seen = result.Verdict == "ok" ? "" : RunCommand.WriteOffending(result);
        Assert.True(result.Verdict == "ok",
            $"{result.Figures()}\n{result.Failure}\n{seen}\n{string.Concat(result.Findings.Take(3))}");
        Assert.True(result.Faults.Count >= FaultsMin, $"only {result.Faults.Count} faults");
    }

    private static void Finds(List<Operation> planted) =>
        Assert.Contains(HistoryChecker.Check(planted).Findings, f => f.Rule == "linearizability");
}
