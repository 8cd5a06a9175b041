using Coord.Differential.Comparing;
using Coord.Differential.Runs;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Tests;

/// <summary>The comparison itself, with planted differences: one that finds nothing would pass every server.</summary>
public class ComparisonTests
{
    private static readonly Sequence TwoPings = new(
        Seed: 1, IsGuarded: false, [new Ask(0, Requests.Bare(Op.Ping)), new Ask(1, Requests.Bare(Op.Ping))]);

    [Fact]
    public void Outcomes_that_differ_anywhere_are_found()
    {
        Assert.Null(Difference.Between(TwoPings, ("A", Outcomes("a", "b", "tree")), ("B", Outcomes("a", "b", "tree"))));
        Assert.Equal(0, Step(Outcomes("a", "b", "tree"), Outcomes("x", "b", "tree")));
        Assert.Equal(1, Step(Outcomes("a", "b", "tree"), Outcomes("a", "x", "tree")));
        Assert.Equal(2, Step(Outcomes("a", "b", "tree"), Outcomes("a", "b", "bush")));
        Assert.Equal(2, Step(Outcomes("a", "b", "tree"), Outcomes("a", "b")));
    }

    [Fact]
    public void A_sequence_that_failed_on_both_in_the_same_way_is_no_agreement()
    {
        Outcome[] failed = [.. Outcomes("a"), Outcome.Failed("connection refused")];
        Assert.Equal(1, Step(failed, failed));
    }

    [Fact]
    public void Only_what_both_answered_alike_counts_in_the_table()
    {
        var cells = new CellTable();
        Difference.Between(TwoPings, ("A", Outcomes("a", "b")), ("B", Outcomes("a", "x")), cells);
        Assert.Contains("| Ping | 1 |", $"{cells}", StringComparison.Ordinal);
        Assert.DoesNotContain(new Cell("Ping", 0), cells.Empty);
    }

    [Fact]
    public void Steps_that_do_not_matter_are_taken_out_of_a_report()
    {
        var steps = Enumerable.Range(0, 40).Select(i => new Ask(i % Sequence.Slots, Requests.Bare((Op)i)) as Step);
        var sequence = new Sequence(Seed: 1, IsGuarded: false, [.. steps]);

        // They disagree at a 30, if a 7 went before it.
        Difference? Compare(Sequence tried)
        {
            var ops = tried.Steps.OfType<Ask>().Select(step => (int)step.Request.Op).ToList();
            var at = ops.IndexOf(30);
            return at >= 0 && ops.IndexOf(7) is var before && before >= 0 && before < at
                ? new Difference(tried, at, "", "")
                : null;
        }

        var shrunk = Shrinking.Shrink(Compare(sequence)!, Compare);
        var left = shrunk.Sequence.Steps.Take(shrunk.Step + 1).OfType<Ask>();
        Assert.Equal([7, 30], left.Select(ask => (int)ask.Request.Op));
    }

    private static int? Step(Outcome[] theirs, Outcome[] ours) =>
        Difference.Between(TwoPings, ("A", theirs), ("B", ours))?.Step;

    private static Outcome[] Outcomes(params string[] texts) =>
        [.. texts.Select(text => new Outcome(text, [new Cell("Ping", 0)]))];
}
