using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Looks for cycles of dependencies, the worst first: of writes alone (G0), of writes and what was read of them (G1c),
/// with one read that missed a write (G-single), with several (G2). The same with real time among the edges bears
/// "-realtime": some order agrees with the lists, but not with the clock.
/// </summary>
internal sealed class CycleSearch(DependencyGraph graph, Operation[] operations)
{
    private const int FindingsMax = 8;

    // Of a component: the shortest cycle through some of its nodes is short enough to read.
    private const int StartsMax = 100;

    public IEnumerable<Finding> Find()
    {
        foreach (var withTime in new[] { false, true })
        {
            var suffix = withTime ? "-realtime" : "";
            foreach (var (rule, isRead, isMissed) in new[]
                { ("G0", false, false), ("G1c", true, false), ("G-single", true, true), ("G2", true, true) })
            {
                bool Follows(DependencyKind kind) => kind switch
                {
                    DependencyKind.WriteWrite => true,
                    DependencyKind.WriteRead => isRead,
                    DependencyKind.ReadWrite => isMissed,
                    _ => withTime,
                };
                var found = graph.Components(Follows).Take(FindingsMax)
                    .Select(component => Cycle([.. component], Follows, isSingle: rule == "G-single"))
                    .OfType<List<(int From, Dependency Edge)>>().ToArray();
                if (found.Length > 0)
                    return found.Select(cycle => Explain(rule + suffix, cycle));
            }
        }

        return [];
    }

    /// <summary>The shortest at hand; null when each needs more than one missed write and only one may be.</summary>
    private List<(int From, Dependency Edge)>? Cycle(
        HashSet<int> component, Func<DependencyKind, bool> follows, bool isSingle)
    {
        var starts = component.Where(node => node < operations.Length).Order();
        if (!isSingle)
            return starts.Take(StartsMax).Select(node => graph.Path(node, node, component, follows))
                .MinBy(cycle => cycle?.Count ?? int.MaxValue);

        var missed = starts.SelectMany(node => graph.From(node)
            .Where(edge => edge.Kind == DependencyKind.ReadWrite && component.Contains(edge.To))
            .Select(edge => (From: node, Edge: edge)));
        foreach (var (from, edge) in missed.Take(StartsMax))
        {
            var back = graph.Path(edge.To, from, component,
                kind => kind != DependencyKind.ReadWrite && follows(kind));
            if (back is not null)
                return [(from, edge), .. back];
        }

        return null;
    }

    /// <summary>The cycle in words: what each transaction has to do with the next.</summary>
    private Finding Explain(string rule, List<(int From, Dependency Edge)> cycle)
    {
        // Moments of time between two transactions are no stations of their own.
        var begin = cycle.FindIndex(step => step.From < operations.Length);
        var steps = cycle.Skip(begin).Concat(cycle.Take(begin)).Where(step => step.From < operations.Length).ToArray();
        var names = steps.Select((step, i) => (step.From, Name: $"T{i + 1}"))
            .DistinctBy(name => name.From).ToDictionary(name => name.From, name => name.Name);
        var words = steps.Select((step, i) =>
            $"{names[step.From]} before {names[steps[(i + 1) % steps.Length].From]} ({step.Edge.Text})");
        return new Finding(rule, "a cycle: " + string.Join(", ", words) + "; in this order:",
            [.. steps.Select(step => operations[step.From])]);
    }
}
