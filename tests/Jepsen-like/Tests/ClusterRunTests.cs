using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Tests;

/// <summary>What every change must pass, on real processes; <c>run --secs S</c> goes on as long as one likes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterRunTests(ITestOutputHelper output)
{
    private const int OperationsMin = 5_000;
    private const int FaultsMin = 2;
    private const int PartitionsMin = 2;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    // Raft thesis 3.2, 5.1 and 6.4: whatever happens to a minority, and even to all, what clients see is one copy, also
    // where logs are compacted all the time and who fell behind gets a snapshot.
    [Fact(Timeout = 300_000)]
    public async Task Kills_and_pauses_leave_a_linearizable_history()
    {
        var result = await RunAsync(new RunOptions { Duration = Duration, CompactsOften = true });
        Assert.True(result.Operations >= OperationsMin, $"only {result.Operations} operations");
        Assert.True(result.Faults.Count >= FaultsMin, $"only {result.Faults.Count} faults");

        // The same history, spoilt in one place: a checker that passes this too has shown nothing.
        var history = result.Workloads[0].History.ToList();
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
        var result = await RunAsync(new RunOptions
        {
            Duration = Duration, Nodes = 5, Network = NetworkMode.Namespaces,
            Nemeses = ["partition", "partition-one-way", "partition-clients", "flapping", "loss"],
        });
        Assert.True(result.Faults.Count >= PartitionsMin, $"only {result.Faults.Count} faults");
    }

    private async Task<RunResult> RunAsync(RunOptions options)
    {
        var result = await new JepsenRun(options, output.WriteLine).ExecuteAsync();
        output.WriteLine(result.Figures());
        var seen = result.Verdict == "ok" ? "" : RunCommand.WriteOffending(result);
        Assert.True(result.Verdict == "ok",
            $"{result.Figures()}\n{result.Failure}\n{seen}\n{First(result)}");
        return result;
    }

    private static void Finds(List<Operation> planted) =>
        Assert.Contains(HistoryChecker.Check(planted).Findings, f => f.Rule == "linearizability");

    private static string First(RunResult result) => string.Concat(result.Findings.Take(3));
}
