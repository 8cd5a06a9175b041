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
    private const int OperationsMin = 10_000;
    private const int FaultsMin = 3;
    private const int CompactingFaultsMin = 2;
    private const int PartitionsMin = 2;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CompactingDuration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PartitionsDuration = TimeSpan.FromSeconds(20);

    // Raft thesis 3.2 and 6.4: whatever happens to a minority, and even to all, what clients see is one copy.
    [Fact(Timeout = 300_000)]
    public async Task Kills_and_pauses_leave_a_linearizable_history()
    {
        var result = await RunAsync(new RunOptions { Duration = Duration });
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

    // Raft thesis 5.1: who fell behind a log that is gone gets a snapshot, and must not notice.
    [Fact(Timeout = 300_000)]
    public async Task Faults_leave_a_linearizable_history_while_logs_are_compacted_all_the_time()
    {
        var result = await RunAsync(new RunOptions { Duration = CompactingDuration, CompactsOften = true });
        Assert.True(result.Faults.Count >= CompactingFaultsMin, $"only {result.Faults.Count} faults");
    }

    // Raft thesis 6.4: who is cut off answers no read of the past as if it were the present.
    [Fact(Timeout = 300_000)]
    public async Task Packets_that_are_lost_leave_a_linearizable_history()
    {
        var whyNot = NamespaceSupport.WhyNot();
        Assert.SkipWhen(whyNot is not null, $"no network namespaces: {whyNot}");
        var result = await RunAsync(new RunOptions
        {
            Duration = PartitionsDuration, Nodes = 5, Network = NetworkMode.Namespaces,
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
