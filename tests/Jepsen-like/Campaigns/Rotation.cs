namespace Coord.JepsenLike.Campaigns;

/// <summary>
/// The order in which a campaign goes through all pairs of workload and nemesis. A round is as short as it can be: the
/// workloads in groups, each group once beside each nemesis. Within a round group and nemesis both change from run to
/// run, so a campaign that ends early has seen many of both. Each round groups anew.
/// </summary>
internal sealed class Rotation(
    IReadOnlyList<string> workloads, IReadOnlyList<NemesisChoice> nemeses, IReadOnlyList<string> families,
    int together, int seed)
{
    // Three families are enough to overlap in every way that two do, and leave each its share of a short run.
    private const int FamiliesTogetherMax = 3;

    private readonly int groups = (workloads.Count + together - 1) / together;

    /// <summary>Runs after which every pair was planned once.</summary>
    public int RunsOfARound => groups * nemeses.Count;

    public int Pairs => workloads.Count * nemeses.Count;

    /// <summary>Without an end.</summary>
    public IEnumerable<PlannedRun> Runs()
    {
        var random = new Random(seed);
        for (var number = 1; ;)
        {
            foreach (var (group, nemesis) in Round(random))
            {
                yield return new PlannedRun(
                    number++, group, nemesis.Name, FamiliesOf(nemesis, random), random.Next());
            }
        }
    }

    private IEnumerable<(string[] Group, NemesisChoice Nemesis)> Round(Random random)
    {
        var shuffled = Shuffled(workloads, random);
        var parts = Enumerable.Range(0, groups).Select(
            number => shuffled.Where((_, at) => at % groups == number).ToArray()).ToArray();
        var order = Shuffled(nemeses, random);
        return
            from lap in Enumerable.Range(0, groups)
            from at in Enumerable.Range(0, order.Length)
            select (parts[(at + lap) % groups], order[at]);
    }

    private IReadOnlyList<string> FamiliesOf(NemesisChoice nemesis, Random random) =>
        nemesis.Name == NemesisChoice.Combined
            ? [.. Shuffled(families, random).Take(random.Next(2, FamiliesTogetherMax + 1))]
            : nemesis.Families;

    private static T[] Shuffled<T>(IEnumerable<T> items, Random random)
    {
        var shuffled = items.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }
}
