namespace Coord.Raft.Tests;

/// <summary>
/// Raft-design P30 and T30 (d): the recovering rule is a combination of our own, so violations of it are searched for,
/// and of every weakening of it. What was explored and found is in docs/internals/recovering.md.
/// </summary>
public sealed class RecoveryModelTests(ITestOutputHelper output)
{
    private const int StepsPerWalk = 150;

    // Raft-design P30: no two leaders in a term, no committed entry lost, taken back or missed by a read.
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void With_the_rule_nothing_that_was_promised_is_lost(int nodes)
    {
        var walks = int.Parse(Environment.GetEnvironmentVariable("COORD_RAFT_MODEL_WALKS") ?? "30000");
        var run = new ModelRun(nodes, ModelRule.Full);
        for (var seed = 0; seed < walks; seed++)
        {
            if (run.Walk((ulong)seed, StepsPerWalk) is { } violation)
                Assert.Fail($"Walk {seed} of {nodes} nodes: {violation}.");
        }

        output.WriteLine($"{walks} walks, {run.Steps} steps, {run.Recoveries} recoveries");
        Assert.True(run.Recoveries > walks / 10, "A search in which few nodes recover shows little.");
    }

    // The same search finds what each part of the rule is for; of the rarest, the walks before its first are left out.
    [Theory]
    [InlineData("NoRule", 3, 0)]
    [InlineData("CountedWhileRecovering", 3, 0)]
    [InlineData("BarrierInsteadOfEntry", 5, 0)]
    [InlineData("PointOfAnyProcess", 5, 0)]
    [InlineData("PointNotCommitted", 3, 0)]
    [InlineData("MatchKeptAfterRecovery", 5, 300_000)]
    public void Without_a_part_of_the_rule_the_search_finds_a_violation(string rule, int nodes, int from)
    {
        var run = new ModelRun(nodes, Enum.Parse<ModelRule>(rule));
        for (var seed = from; seed < from + 150_000; seed++)
        {
            if (run.Walk((ulong)seed, StepsPerWalk) is not { } violation)
                continue;

            output.WriteLine($"{rule}: walk {seed} of {nodes} nodes: {violation}");
            return;
        }

        Assert.Fail($"{rule} was not found: the search is too weak to show anything.");
    }

    // Two parts are belt and braces: without them the search finds nothing either. They stay because they cost nothing.
    [Theory]
    [InlineData("VoteNotMarked")]
    [InlineData("PointOfAnyTerm")]
    public void Without_belt_or_braces_the_search_finds_nothing(string rule)
    {
        var run = new ModelRun(5, Enum.Parse<ModelRule>(rule));
        for (var seed = 0; seed < 20_000; seed++)
            Assert.Null(run.Walk((ulong)seed, StepsPerWalk));
    }
}
