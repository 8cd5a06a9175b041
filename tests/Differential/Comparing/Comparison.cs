using Coord.Differential.Runs;
using Coord.Differential.Sequences;
using Coord.Differential.Servers;

namespace Coord.Differential.Comparing;

/// <summary>Two servers, and what they do with the same sequence.</summary>
internal sealed class Comparison(Server left, Server right)
{
    /// <summary>Null when they agree in everything.</summary>
    /// <param name="sequence">Run on both at once.</param>
    /// <param name="cells">Counts what both answered, up to the first difference.</param>
    public Difference? Compare(Sequence sequence, CellTable? cells = null)
    {
        var theirs = Task.Run(() => SequenceRun.Execute(left, sequence));
        var ours = SequenceRun.Execute(right, sequence);
        return Compare(sequence, theirs.GetAwaiter().GetResult(), ours, cells);
    }

    /// <summary>The first step whose outcomes differ.</summary>
    public Difference? Compare(
        Sequence sequence, IReadOnlyList<Outcome> theirs, IReadOnlyList<Outcome> ours, CellTable? cells = null)
    {
        for (var i = 0; i < Math.Max(theirs.Count, ours.Count); i++)
        {
            var (one, other) = (theirs.ElementAtOrDefault(i)?.Text, ours.ElementAtOrDefault(i)?.Text);
            if (one != other)
                return new Difference(sequence, i, $"{left.Name}: {one}", $"{right.Name}: {other}");
            foreach (var cell in theirs[i].Cells)
                cells?.Count(cell);
        }

        return null;
    }

    /// <summary>
    /// Takes out steps as long as the servers still disagree, so that a report holds only what matters.
    /// </summary>
    public Difference Shrink(Difference difference)
    {
        var steps = difference.Sequence.Steps.Take(difference.Step + 1).ToList();
        for (var size = Math.Max(1, steps.Count / 2); size > 0; size /= 2)
        {
            for (var at = steps.Count - size; at >= 0; at -= size)
            {
                var fewer = steps.ToList();
                fewer.RemoveRange(at, Math.Min(size, fewer.Count - at));
                if (Compare(difference.Sequence with { Steps = fewer }) is not { } still)
                    continue;
                difference = still;
                steps = [.. fewer.Take(still.Step + 1)];
                at = Math.Min(at, steps.Count);
            }
        }

        return difference;
    }
}
