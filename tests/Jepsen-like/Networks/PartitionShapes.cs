namespace Coord.JepsenLike.Networks;

/// <summary>Which hops a partition takes away: plain functions of the places.</summary>
internal static class PartitionShapes
{
    /// <summary>Nothing between the one side and the other; within each all is well.</summary>
    public static IEnumerable<Hop> Between(IReadOnlyCollection<Place> one, IReadOnlyCollection<Place> other) =>
        [.. OneWay(one, other), .. OneWay(other, one)];

    /// <summary>What some send to others is lost; what they are sent arrives.</summary>
    public static IEnumerable<Hop> OneWay(IReadOnlyCollection<Place> from, IReadOnlyCollection<Place> to) =>
        from a in @from from b in to where a != b select new Hop(a, b);

    /// <summary>The first of all has nobody else.</summary>
    public static IEnumerable<Hop> Isolate(IReadOnlyList<Place> all) => Between([all[0]], [.. all.Skip(1)]);

    /// <summary>A side that has no majority, with the first of all in it, and one that has.</summary>
    public static IEnumerable<Hop> Halves(IReadOnlyList<Place> all) => Between(
        [.. all.Take(all.Count - Majority(all.Count))], [.. all.Skip(all.Count - Majority(all.Count))]);

    /// <summary>Two halves that do not see each other, and the first of all, which sees both.</summary>
    public static IEnumerable<Hop> Bridge(IReadOnlyList<Place> all)
    {
        var half = all.Count / 2;
        return Between([.. all.Skip(1).Take(half)], [.. all.Skip(1 + half)]);
    }

    /// <summary>
    /// Everyone sees a majority, and no two the same one: the places stand in a circle and see only their neighbours.
    /// </summary>
    public static IEnumerable<Hop> MajoritiesRing(IReadOnlyList<Place> all)
    {
        var reach = Majority(all.Count) / 2;
        return from a in Enumerable.Range(0, all.Count)
               from b in Enumerable.Range(0, all.Count)
               let clockwise = Math.Abs(a - b)
               where Math.Min(clockwise, all.Count - clockwise) > reach
               select new Hop(all[a], all[b]);
    }

    /// <summary>Nobody sees anybody.</summary>
    public static IEnumerable<Hop> SeparateAll(IReadOnlyCollection<Place> all) => OneWay(all, all);

    public static int Majority(int count) => (count / 2) + 1;
}
