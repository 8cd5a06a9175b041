using Coord.Simulation.Runs;

namespace Coord.Simulation.Tests;

/// <summary>Seeds that every build runs; <c>run --seeds N</c> runs as many as one likes.</summary>
public class SeededClusterTests
{
    private const int SeedsPerGroup = 20;

    public static TheoryData<int> Groups => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_cluster_keeps_its_promises_under_faults_and_recovers(int group)
    {
        for (var seed = (group * SeedsPerGroup) + 1; seed <= (group + 1) * SeedsPerGroup; seed++)
            SimulationRun.Run((ulong)seed);
    }

    // raft-design T12: a failure must replay from its seed.
    [Fact]
    public void A_seed_gives_the_same_run_twice()
    {
        for (var seed = 1UL; seed <= 20; seed++)
            Assert.Equal(SimulationRun.Run(seed).TraceHash, SimulationRun.Run(seed).TraceHash);
    }

    // raft-design T12: neither does it matter what else runs at the same time.
    [Fact]
    public void Seeds_run_side_by_side_give_the_same_runs_in_order()
    {
        var reports = new List<RunReport>();
        new SeedPool(RunOptions.Default, workers: 3).Run(31, (report, _) =>
        {
            reports.Add(report!);
            return reports.Count < 12;
        });
        Assert.Equal(Enumerable.Range(31, 12).Select(s => (ulong)s), reports.Select(r => r.Seed));
        Assert.All(reports, r => Assert.Equal(SimulationRun.Run(r.Seed).TraceHash, r.TraceHash));
    }

    // The bounds below which a seed tests nothing.
    [Fact]
    public void A_seed_has_at_least_three_hundred_operations()
    {
        for (var seed = 41UL; seed <= 60; seed++)
            Assert.True(SimulationRun.Run(seed).Operations >= 300);
    }
}
