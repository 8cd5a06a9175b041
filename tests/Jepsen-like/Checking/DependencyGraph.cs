namespace Coord.JepsenLike.Checking;

/// <summary>
/// What must come before what. Any cycle shows that no order agrees with all of it; which edges it needs says what was
/// violated (Adya's anomalies, as Elle infers them from lists).
/// </summary>
internal sealed class DependencyGraph(int count)
{
    private readonly List<Dependency>[] edges = [.. Enumerable.Range(0, count).Select(_ => new List<Dependency>())];

    public int Count => edges.Length;

    public void Add(int from, Dependency edge)
    {
        if (from != edge.To)
            edges[from].Add(edge);
    }

    /// <summary>Every group of more than one that can all be reached from each other along the given kinds.</summary>
    public List<List<int>> Components(Func<DependencyKind, bool> follows) =>
        new StronglyConnected(Count, node => Next(node, follows)).Find();

    /// <summary>
    /// A shortest way from one to another inside a component; null when there is none. From one to itself it is a
    /// cycle.
    /// </summary>
    public List<(int From, Dependency Edge)>? Path(
        int from, int to, HashSet<int> component, Func<DependencyKind, bool> follows)
    {
        var reached = new Dictionary<int, (int From, Dependency Edge)>();
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var edge in edges[node].Where(edge => follows(edge.Kind) && component.Contains(edge.To)))
            {
                if (!reached.TryAdd(edge.To, (node, edge)))
                    continue;
                if (edge.To == to)
                    return Walk(from, to, reached);
                queue.Enqueue(edge.To);
            }
        }

        return null;
    }

    public IEnumerable<Dependency> From(int node) => edges[node];

    private IEnumerable<int> Next(int node, Func<DependencyKind, bool> follows) =>
        edges[node].Where(edge => follows(edge.Kind)).Select(edge => edge.To);

    private static List<(int From, Dependency Edge)> Walk(
        int from, int to, Dictionary<int, (int From, Dependency Edge)> reached)
    {
        var path = new List<(int From, Dependency Edge)>();
        var node = to;
        do
        {
            path.Add(reached[node]);
            node = reached[node].From;
        }
        while (node != from);
        path.Reverse();
        return path;
    }
}
