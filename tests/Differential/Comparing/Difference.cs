using Coord.Differential.Runs;
using Coord.Differential.Sequences;

namespace Coord.Differential.Comparing;

/// <summary>Where two servers disagree.</summary>
/// <param name="Sequence">What both did.</param>
/// <param name="Step">
/// The index of the first step whose outcomes differ; the number of steps for the final tree.
/// </param>
/// <param name="Theirs">What the first server made of it.</param>
/// <param name="Ours">What the second one did.</param>
internal sealed record Difference(Sequence Sequence, int Step, string Theirs, string Ours)
{
    /// <summary>The first step whose outcomes differ, or that failed on both; null when there is none.</summary>
    /// <param name="sequence">What both did.</param>
    /// <param name="theirs">The first server's name and outcomes.</param>
    /// <param name="ours">The second one's.</param>
    /// <param name="cells">Counts what both answered, up to the first difference.</param>
    public static Difference? Between(
        Sequence sequence, (string Name, IReadOnlyList<Outcome> Outcomes) theirs,
        (string Name, IReadOnlyList<Outcome> Outcomes) ours, CellTable? cells = null)
    {
        for (var i = 0; i < Math.Max(theirs.Outcomes.Count, ours.Outcomes.Count); i++)
        {
            var one = theirs.Outcomes.ElementAtOrDefault(i);
            var other = ours.Outcomes.ElementAtOrDefault(i);
            if (one?.Text != other?.Text || one!.IsFailed)
                return new Difference(sequence, i, $"{theirs.Name}: {one?.Text}", $"{ours.Name}: {other?.Text}");
            foreach (var cell in one.Cells)
                cells?.Count(cell);
        }

        return null;
    }

    public override string ToString()
    {
        var steps = Sequence.Steps.Take(Step + 1).Select((step, i) => $"  {(i == Step ? '>' : ' ')} {i} {step}");
        return $"seed {Sequence.Seed}{(Sequence.IsGuarded ? " (guarded)" : "")}, "
            + $"{(Step < Sequence.Steps.Count ? $"step {Step}" : "final tree")}:\n"
            + $"{string.Join('\n', steps)}\n  {Theirs}\n  {Ours}";
    }
}
