using Coord.Differential.Sequences;

namespace Coord.Differential.Comparing;

/// <summary>Where two servers disagree.</summary>
/// <param name="Sequence">What both did.</param>
/// <param name="Step">The index of the first step whose outcomes differ; the number of steps for the final tree.</param>
/// <param name="Theirs">What the first server made of it.</param>
/// <param name="Ours">What the second one did.</param>
internal sealed record Difference(Sequence Sequence, int Step, string Theirs, string Ours)
{
    public override string ToString()
    {
        var steps = Sequence.Steps.Take(Step + 1).Select((step, i) => $"  {(i == Step ? '>' : ' ')} {i} {step}");
        return $"seed {Sequence.Seed}{(Sequence.IsGuarded ? " (guarded)" : "")}, "
            + $"{(Step < Sequence.Steps.Count ? $"step {Step}" : "final tree")}:\n"
            + $"{string.Join('\n', steps)}\n  {Theirs}\n  {Ours}";
    }
}
