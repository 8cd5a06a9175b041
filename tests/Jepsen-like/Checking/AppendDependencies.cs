using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Dependencies between transactions on lists. Real time gets nodes of its own behind those of the transactions, a
/// chain of all moments at which one ended: edges from each to each would be too many.
/// </summary>
internal static class AppendDependencies
{
    /// <param name="transactions">Those that have happened; their places are the numbers of their nodes.</param>
    /// <param name="orders">Of the elements of every list.</param>
    public static DependencyGraph Build(
        IReadOnlyList<ListTransaction> transactions, IReadOnlyDictionary<string, long[]> orders)
    {
        var graph = new DependencyGraph(transactions.Count * 2);
        var writers = new Dictionary<long, int>();
        for (var i = 0; i < transactions.Count; i++)
        {
            foreach (var element in transactions[i].Parts.SelectMany(part => part.Appended))
                writers[element] = i;
        }

        AddWrites(graph, writers, orders);
        AddReads(graph, transactions, writers, orders);
        AddRealTime(graph, [.. transactions.Select(transaction => transaction.Operation)]);
        return graph;
    }

    private static void AddWrites(
        DependencyGraph graph, Dictionary<long, int> writers, IReadOnlyDictionary<string, long[]> orders)
    {
        foreach (var (key, elements) in orders)
        {
            foreach (var (before, after) in elements.Zip(elements.Skip(1)))
            {
                if (writers.TryGetValue(before, out var from) && writers.TryGetValue(after, out var to))
                    graph.Add(from, new Dependency(to, DependencyKind.WriteWrite, $"{key}: {after} follows {before}"));
            }
        }
    }

    private static void AddReads(DependencyGraph graph, IReadOnlyList<ListTransaction> transactions,
        Dictionary<long, int> writers, IReadOnlyDictionary<string, long[]> orders)
    {
        var places = orders.Values.SelectMany(elements => elements.Select((element, place) => (element, place)))
            .GroupBy(at => at.element).ToDictionary(at => at.Key, at => at.First().place);
        for (var reader = 0; reader < transactions.Count; reader++)
        {
            foreach (var part in transactions[reader].Parts)
            {
                var next = 0;
                if (part.Read.Length > 0)
                {
                    var last = part.Read[^1];
                    if (!places.TryGetValue(last, out var place))
                        continue; // Of two orders that do not agree, this is not the one taken.
                    next = place + 1;
                    if (writers.TryGetValue(last, out var from))
                        graph.Add(from,
                            new Dependency(reader, DependencyKind.WriteRead, $"{part.Key}: its {last} was read"));
                }

                if (next < orders[part.Key].Length && writers.TryGetValue(orders[part.Key][next], out var to))
                    graph.Add(reader, new Dependency(to, DependencyKind.ReadWrite,
                        $"{part.Key}: was read without {orders[part.Key][next]}"));
            }
        }
    }

    private static void AddRealTime(DependencyGraph graph, Operation[] operations)
    {
        var count = operations.Length;
        int[] byEnd = [.. Enumerable.Range(0, count).OrderBy(i => operations[i].Completed)];
        long[] ends = [.. byEnd.Select(i => operations[i].Completed)];
        for (var i = 0; i < count; i++)
        {
            graph.Add(byEnd[i], Later(count + i));
            if (i + 1 < count)
                graph.Add(count + i, Later(count + i + 1));

            // Behind the last that had ended when it began.
            var before = CountBelow(ends, operations[i].Invoked);
            if (before > 0)
                graph.Add(count + before - 1, Later(i));
        }
    }

    private static int CountBelow(long[] sorted, long bound)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < bound)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static Dependency Later(int to) => new(to, DependencyKind.RealTime, "ended before the next began");
}
