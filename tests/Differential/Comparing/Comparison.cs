using Coord.Differential.Runs;
using Coord.Differential.Sequences;
using Coord.Differential.Servers;

namespace Coord.Differential.Comparing;

/// <summary>Two servers, and what they do with the same sequence.</summary>
internal sealed class Comparison(Server left, Server right)
{
    /// <summary>Runs a sequence on both at once; null when they agree in everything.</summary>
    public Difference? Compare(Sequence sequence, CellTable? cells = null)
    {
        var theirs = Task.Run(() => SequenceRun.Execute(left, sequence));
        var ours = SequenceRun.Execute(right, sequence);
        return Difference.Between(
            sequence, (left.Name, theirs.GetAwaiter().GetResult()), (right.Name, ours), cells);
    }
}
