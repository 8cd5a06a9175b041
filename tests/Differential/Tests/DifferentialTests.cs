using Coord.Differential.Sequences;

namespace Coord.Differential.Tests;

public class DifferentialTests
{
    [Fact]
    public void A_seed_makes_the_same_sequence_again() =>
        Assert.Equal(
            SequenceGenerator.Make(7, operations: 50).Steps.Select(step => $"{step}"),
            SequenceGenerator.Make(7, operations: 50).Steps.Select(step => $"{step}"));
}
