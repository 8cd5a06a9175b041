namespace Coord.Raft.Tests;

/// <summary>Leases on a bad network, with clocks that are fast or slow (raft-design Q10 to Q14, BQ6).</summary>
public sealed class LeaseClusterTests
{
    // 1.05 / 0.95 is just below the bound of a tenth that the settings allow.
    private const int AllowedDriftPerMille = 50;

    // Raft-design Q10 to Q12: with pauses, restarts, transfers, cut links and lost disks no read is ever stale.
    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(201)]
    [InlineData(301)]
    public void Reads_under_a_lease_are_linearizable_while_clocks_keep_the_bound(int firstSeed)
    {
        var reads = 0;
        for (var seed = firstSeed; seed < firstSeed + 100; seed++)
        {
            var cluster = new RandomCluster((ulong)seed, AllowedDriftPerMille);
            try
            {
                cluster.Run(rounds: 800);
            }
            catch (Exception e) when (e is not Xunit.Sdk.FailException)
            {
                throw new InvalidOperationException($"Seed {seed} failed.", e);
            }

            reads += cluster.LeaseReads;
        }

        Assert.True(reads > 1_000, $"Only {reads} reads under a lease.");
    }

    // Raft-design Q13: what the bound is for. It also shows that the runs above would tell.
    [Fact]
    public void Clocks_beyond_the_bound_give_stale_reads()
    {
        for (var seed = 1UL; seed <= 300; seed++)
        {
            try
            {
                new RandomCluster(seed, driftPerMille: 700).Run(rounds: 800);
            }
            catch (StaleReadException)
            {
                return;
            }
        }

        Assert.Fail("No read was ever stale.");
    }
}
