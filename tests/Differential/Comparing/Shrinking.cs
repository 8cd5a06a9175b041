using Coord.Differential.Sequences;

namespace Coord.Differential.Comparing;

/// <summary>Takes steps out as long as the servers still disagree, so that a report holds only what matters.</summary>
internal static class Shrinking
{
    /// <param name="difference">Where they disagree.</param>
    /// <param name="compare">Runs fewer steps on both; null where they agree.</param>
    public static Difference Shrink(Difference difference, Func<Sequence, Difference?> compare)
    {
        var steps = StepsOf(difference);
        for (var size = Math.Max(1, steps.Count / 2); size > 0; size /= 2)
        {
            for (var at = steps.Count - size; at >= 0; at -= size)
            {
                List<Step> fewer = [.. steps.Take(at), .. steps.Skip(at + size)];
                if (compare(difference.Sequence with { Steps = fewer }) is not { } still)
                    continue;
                difference = still;
                steps = StepsOf(still);
                at = Math.Min(at, steps.Count);
            }
        }

        return difference;
    }

    private static List<Step> StepsOf(Difference difference) =>
        [.. difference.Sequence.Steps.Take(difference.Step + 1)];
}
