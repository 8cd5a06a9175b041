namespace Coord.JepsenLike.Faults;

/// <summary>Draws the faults of a round: of different families, and at most one that takes a copy away.</summary>
/// <param name="faults">To draw from.</param>
/// <param name="atOnce">How many a round has, where there are so many that go together.</param>
internal sealed class FaultDraw(IReadOnlyList<Fault> faults, int atOnce)
{
    public IReadOnlyList<Fault> Next(Random random)
    {
        var round = new List<Fault>();
        while (round.Count < atOnce)
        {
            var left = faults.Where(fault => round.TrueForAll(other => GoTogether(fault, other)))
                .SelectMany(fault => Enumerable.Repeat(fault, fault.Weight)).ToArray();
            if (left.Length == 0)
                break;
            round.Add(left[random.Next(left.Length)]);
        }

        return round;
    }

    private static bool GoTogether(Fault one, Fault other) =>
        one.Nemesis != other.Nemesis && !(one.TakesCopyAway && other.TakesCopyAway);
}
