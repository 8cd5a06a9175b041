using Coord.Simulation.Faults;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Tests;

/// <summary>What <c>run</c> is told, and what it says in the end.</summary>
public class RunCommandTests
{
    [Fact]
    public void Arguments_are_read()
    {
        var parsed = RunArguments.TryParse(
            ["--seeds", "20", "--from", "7", "--nodes", "5", "--without", "Loss,kills", "--duration", "0.5",
                "--for", "90", "--progress", "30"])!;
        Assert.Equal((20, 7UL, 5, 0.5), (parsed.Seeds, parsed.From, parsed.Options.Nodes, parsed.Options.Duration));
        Assert.Equal((90, 30), (parsed.For!.Value.TotalSeconds, parsed.Progress.TotalSeconds));
        Assert.Equal([FaultKind.Loss, FaultKind.Kills], parsed.Options.Without.Members);
        Assert.Equal(" --nodes 5 --without Loss,Kills --duration 0.5", parsed.Options.Arguments());
    }

    [Theory]
    [InlineData("--seeds")]
    [InlineData("--seeds", "0")]
    [InlineData("--progress", "-1")]
    [InlineData("--without", "Rain")]
    [InlineData("--what", "1")]
    public void Arguments_that_make_no_sense_are_refused(params string[] args) =>
        Assert.Null(RunArguments.TryParse(args));

    // A thousand seeds without an install have not tested installs: that must not look like success.
    [Fact]
    public void A_long_run_in_which_something_never_happened_is_no_success()
    {
        var totals = new RunTotals();
        for (var seed = 0UL; seed < RunTotals.LongRun; seed++)
            totals.Add(new RunReport(seed, 0, Counters(), 0, 0));

        Assert.Equal(["installs", "membership-changes", "recoveries", "swept"], totals.Missing);
        Assert.StartsWith("seeds=1000 failures=0 elections=2000 ", totals.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Taking_a_fault_away_leaves_the_others_as_they_were()
    {
        var shape = RunShape.Draw(new Disk.SeededRandom(4), nodes: null);
        var less = new RunOptions { Without = FaultSet.None.With(FaultKind.Kills) }.Apply(shape);
        Assert.Equal(shape.Faults.Without(FaultKind.Kills), less.Faults);
        Assert.Equal(shape.Rhythm, less.Rhythm);
    }

    private static RunCounters Counters()
    {
        var counters = new RunCounters { Elections = 2 };
        counters.CountCrash();
        return counters;
    }
}
