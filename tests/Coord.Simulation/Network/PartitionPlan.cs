using Coord.Simulation.Disk;

namespace Coord.Simulation.Network;

/// <summary>Which directions are cut, and how a reader of the trace calls it (raft-design T3).</summary>
internal sealed record PartitionPlan(string Name, IReadOnlyList<(int From, int To)> Cuts)
{
    private const int Kinds = 9;

    /// <summary>Draws a pattern around a victim; every pattern is possible for every number of nodes.</summary>
    public static PartitionPlan Draw(SeededRandom random, IReadOnlyList<int> nodes, int victim)
    {
        var others = nodes.Where(n => n != victim).ToArray();
        switch (random.Below(Kinds))
        {
            case 0:
                return new($"node {victim} is not heard", [.. others.Select(o => (victim, o))]);
            case 1:
                return new($"node {victim} hears nothing", [.. others.Select(o => (o, victim))]);
            case 2:
                var other = random.Pick(others);
                return new($"nodes {victim} and {other} are cut", [(victim, other), (other, victim)]);
            case 3:
                return Split("halves", random, nodes, nodes.Count / 2, isOneWay: false);
            case 4:
                return Split("parts", random, nodes, random.Between(1, nodes.Count - 1), isOneWay: false);
            case 5:
                return Split("one direction", random, nodes, random.Between(1, nodes.Count - 1), isOneWay: true);
            case 6:
                return MajorityRing(random, nodes);
            case 7:
                return Bridge(random, nodes, victim);
            default:
                return Isolate(nodes, victim);
        }
    }

    /// <summary>The victim hears nobody and is not heard.</summary>
    public static PartitionPlan Isolate(IReadOnlyList<int> nodes, int victim)
    {
        var others = nodes.Where(n => n != victim);
        return new($"node {victim} is cut off", [.. others.SelectMany(o => new[] { (victim, o), (o, victim) })]);
    }

    private static PartitionPlan Split(
        string name, SeededRandom random, IReadOnlyList<int> nodes, int size, bool isOneWay)
    {
        var shuffled = Shuffle(random, nodes);
        var (left, right) = (shuffled[..size], shuffled[size..]);
        var cuts = left.SelectMany(l => right.Select(r => (l, r))).ToList();
        if (!isOneWay)
            cuts.AddRange(left.SelectMany(l => right.Select(r => (r, l))));

        return new($"{name}: {string.Join(' ', left)} | {string.Join(' ', right)}", cuts);
    }

    // Each node hears a majority, no two of them the same one.
    private static PartitionPlan MajorityRing(SeededRandom random, IReadOnlyList<int> nodes)
    {
        var ring = Shuffle(random, nodes);
        var near = ring.Length / 4;
        var cuts = new List<(int From, int To)>();
        for (var a = 0; a < ring.Length; a++)
        {
            for (var b = 0; b < ring.Length; b++)
            {
                var distance = Math.Min((a - b + ring.Length) % ring.Length, (b - a + ring.Length) % ring.Length);
                if (distance > Math.Max(1, near))
                    cuts.Add((ring[a], ring[b]));
            }
        }

        return new($"ring {string.Join(' ', ring)}", cuts);
    }

    // Two parts that only one node joins.
    private static PartitionPlan Bridge(SeededRandom random, IReadOnlyList<int> nodes, int joint)
    {
        var rest = Shuffle(random, nodes.Where(n => n != joint).ToArray());
        var (left, right) = (rest[..(rest.Length / 2)], rest[(rest.Length / 2)..]);
        var cuts = left.SelectMany(l => right.SelectMany(r => new[] { (l, r), (r, l) })).ToArray();
        return new($"node {joint} joins {string.Join(' ', left)} and {string.Join(' ', right)}", cuts);
    }

    private static int[] Shuffle(SeededRandom random, IReadOnlyList<int> nodes)
    {
        var shuffled = nodes.ToArray();
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }
}
