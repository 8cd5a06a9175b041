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
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_seed_gives_the_same_run_twice(int seed) =>
        Assert.Equal(SimulationRun.Run((ulong)seed), SimulationRun.Run((ulong)seed));
}
