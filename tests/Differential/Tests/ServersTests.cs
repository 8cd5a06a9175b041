using Coord.Differential.Comparing;
using Coord.Differential.Runs;
using Coord.Differential.Servers;

namespace Coord.Differential.Tests;

/// <summary>Sequences that every build runs; <c>run --sequences N</c> runs as many as one likes.</summary>
public class ServersTests
{
    private const int OperationsLeast = 40;

    [Fact]
    public void ZooKeeper_and_a_node_of_Coord_answer_alike() => AssertAlike(nodes: 1, sequences: 80, seed: 1);

    // The slots talk to different nodes: what one does reaches the others through the log.
    [Fact]
    public void ZooKeeper_and_three_nodes_of_Coord_answer_alike() =>
        AssertAlike(nodes: 3, sequences: 40, seed: 100_001);

    private static void AssertAlike(int nodes, int sequences, ulong seed)
    {
        Assert.SkipUnless(Server.IsZooKeeperInstalled, Server.HowToInstall);
        using var zookeeper = Server.ZooKeeper();
        using var coord = Server.Coord(nodes);
        using var report = new StringWriter();
        var options = new RunOptions
        {
            Sequences = sequences,
            Seed = seed,
            Servers = ["zookeeper", nodes == 1 ? "coord" : "coord3"],
        };
        var run = new ComparisonRun(new Comparison(zookeeper, coord), options, report);
        run.Execute();
        Assert.True(run.Differences == 0, $"{report}");
        Assert.InRange(run.Operations, (long)sequences * OperationsLeast, long.MaxValue);
    }
}
