namespace Coord.Raft.Tests;


public sealed class RandomClusterTests
{
    // Raft thesis figure 3.2, all five properties, and an end for every proposal and barrier (BO5), whatever happens.
    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(201)]
    [InlineData(301)]
    public void Safety_holds_under_faults_and_everything_ends_after_healing(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 100; seed++)
        {
            try
            {
                new RandomCluster((ulong)seed).Run(rounds: 400);
            }
            catch (Exception e) when (e is not Xunit.Sdk.FailException)
            {
                throw new InvalidOperationException($"Seed {seed} failed; replay with new RandomCluster({seed}).", e);
            }
        }
    }

    // COORD_RAFT_SEEDS=first-last widens the search, for example before a release.
    [Fact]
    public void More_seeds_on_request()
    {
        var range = Environment.GetEnvironmentVariable("COORD_RAFT_SEEDS") ?? "2000-2019";
        var bounds = range.Split('-').Select(ulong.Parse).ToArray();
        for (var seed = bounds[0]; seed <= bounds[1]; seed++)
            new RandomCluster(seed).Run(rounds: 1_000);
    }

    // A search that changes nothing finds nothing: members change, transfers take place and disks lose what they held,
    // also within one run.
    [Fact]
    public void Runs_mix_changes_of_members_transfers_and_losses()
    {
        var steps = 0;
        var transfers = 0;
        var mixed = 0;
        for (var seed = 3_000UL; seed < 3_060; seed++)
        {
            var cluster = new RandomCluster(seed);
            cluster.Run(rounds: 400);
            steps += cluster.MembershipSteps;
            transfers += cluster.Transfers;
            mixed += cluster.Losses > 0 && cluster.MembershipSteps > 0 && cluster.Transfers > 0 ? 1 : 0;
        }

        Assert.True(steps > 200, $"Only {steps} steps of the membership in 60 runs.");
        Assert.True(transfers > 40, $"Only {transfers} transfers in 60 runs.");
        Assert.True(mixed >= 3, $"Only {mixed} of 60 runs have all three.");
    }

    // Raft-design A10, T12: the same inputs give the same outputs.
    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        for (var seed = 1_000UL; seed < 1_040; seed++)
        {
            var first = new RandomCluster(seed);
            first.Run(rounds: 200);
            var second = new RandomCluster(seed);
            second.Run(rounds: 200);
            Assert.Equal(first.TraceHash, second.TraceHash);
            Assert.Equal(first.CommittedCount, second.CommittedCount);
        }
    }
}
