using Coord.Differential.Sequences;

namespace Coord.Differential.Tests;

public class SequenceTests
{
    private const int Operations = 50;

    // A report names a seed: without this nobody could replay it.
    [Fact]
    public void A_seed_makes_the_same_sequence_again()
    {
        for (var seed = 1UL; seed < 100; seed++)
            Assert.Equal(Shown(seed), Shown(seed));
        Assert.NotEqual(Shown(1), Shown(2));
    }

    [Fact]
    public void Every_sequence_has_three_clients_that_take_turns()
    {
        for (var seed = 1UL; seed < 100; seed++)
        {
            var sequence = SequenceGenerator.Make(seed, Operations);
            Assert.InRange(sequence.Operations, Operations, int.MaxValue);
            Assert.Equal(Sequence.Slots, sequence.Steps.Select(step => step.Slot).Distinct().Count());
        }
    }

    private static IEnumerable<string> Shown(ulong seed) =>
        SequenceGenerator.Make(seed, Operations).Steps.Select(step => $"{step}");
}
