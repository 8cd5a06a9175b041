using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Searches an order of one key's operations that agrees with real time and with a versioned register (raft-design
/// T21): Wing and Gong's algorithm with Lowe's cache of configurations. Only operations that no unplaced operation
/// precedes may come next. One that changes nothing and fits the state is placed at once: putting it earlier can never
/// spoil an order. Unknown writes never have to be placed. Expects <see cref="Observations.Resolve"/> to have run, so
/// that a write still unknown was seen by nobody; among unconditional ones the earliest is then as good as any.
/// </summary>
internal sealed class LinearizabilitySearch
{
    private const int ShownOperations = 24;

    private readonly Operation[] known;     // by invocation
    private readonly Operation[] unknown;   // by invocation
    private readonly bool[] placed;
    private readonly bool[] used;
    private readonly long stepsMax;
    private readonly HashSet<Configuration> seen = [];
    private readonly List<Choice> order = [];
    private long tag;
    private int version;
    private int prefix;     // everything before it is placed
    private int high;       // nothing from here on is placed
    private int longest = -1;
    private Operation[] longestEnd = [];
    private Operation[] blocked = [];

    private LinearizabilitySearch(IEnumerable<Operation> history, long stepsMax)
    {
        var all = history.OrderBy(o => o.Invoked).ToArray();
        known = [.. all.Where(o => o.IsKnown)];
        unknown = [.. all.Where(o => !o.IsKnown && o.IsWrite)];
        placed = new bool[known.Length];
        used = new bool[unknown.Length];
        this.stepsMax = stepsMax;
    }

    /// <summary>Checks one key. Reads of one node alone take no part: they promise less.</summary>
    public static SearchResult Run(IEnumerable<Operation> history, long stepsMax) =>
        new LinearizabilitySearch(history.Where(o => o.IsOrderedGlobally), stepsMax).Run();

    private SearchResult Run()
    {
        var next = 0;
        for (var steps = 0L; ; steps++)
        {
            if (prefix == known.Length)
                return new SearchResult(SearchVerdict.Linearizable, steps, [], []);
            if (steps == stepsMax)
                return new SearchResult(SearchVerdict.Undecided, steps, longestEnd, blocked);

            var bound = EarliestReturn();
            var observation = next == 0 ? FindObservation(bound) : -1;
            if (observation >= 0)
            {
                Place(observation, isChoice: false);
                continue;
            }

            var candidate = FindChange(next, bound);
            if (candidate < 0)
            {
                RememberLongest(bound);
                next = Backtrack();
                if (next < 0)
                    return new SearchResult(SearchVerdict.NotLinearizable, steps, longestEnd, blocked);
            }
            else
            {
                Place(candidate, isChoice: true);
                next = seen.Add(Snapshot()) ? 0 : Backtrack();
            }
        }
    }

    /// <summary>The earliest completion among what is not placed: what comes next was invoked by then.</summary>
    private long EarliestReturn()
    {
        var bound = long.MaxValue;
        for (var i = prefix; i < known.Length && known[i].Invoked <= bound; i++)
        {
            if (!placed[i])
                bound = Math.Min(bound, known[i].Completed);
        }

        return bound;
    }

    private int FindObservation(long bound)
    {
        for (var i = prefix; i < known.Length && known[i].Invoked <= bound; i++)
        {
            if (!placed[i] && known[i].ChangesNothing && Fits(known[i]))
                return i;
        }

        return -1;
    }

    private bool Fits(Operation operation) => operation.Kind switch
    {
        OperationKind.Read => operation.Tag == tag && operation.Version == version,
        OperationKind.CompareAndSet when operation.Error == Operation.BadVersion => operation.Expected != version,
        _ => false,
    };

    /// <summary>The next write that may come now: known ones by invocation, then unknown ones.</summary>
    private int FindChange(int from, long bound)
    {
        for (var i = Math.Max(from, prefix); i < known.Length && known[i].Invoked <= bound; i++)
        {
            if (!placed[i] && !known[i].ChangesNothing && Follows(known[i]))
                return i;
        }

        var setTried = from > known.Length && unknown.Take(from - known.Length).Where((o, i) => !used[i])
            .Any(o => o.Kind == OperationKind.Set);
        for (var i = Math.Max(from - known.Length, 0); i < unknown.Length && unknown[i].Invoked <= bound; i++)
        {
            if (used[i])
                continue;
            if (unknown[i].Kind == OperationKind.Set ? !setTried : unknown[i].Expected == version)
                return known.Length + i;
        }

        return -1;
    }

    private bool Follows(Operation write) => write.Version == version + 1 &&
        (write.Kind == OperationKind.Set || write.Expected == version);

    private void Place(int index, bool isChoice)
    {
        order.Add(new Choice(index, isChoice, tag, version, prefix, high));
        if (index >= known.Length)
        {
            used[index - known.Length] = true;
            (tag, version) = (unknown[index - known.Length].Tag, version + 1);
            return;
        }

        placed[index] = true;
        high = Math.Max(high, index + 1);
        if (!known[index].ChangesNothing)
            (tag, version) = (known[index].Tag, version + 1);
        while (prefix < known.Length && placed[prefix])
            prefix++;
    }

    /// <summary>Undoes up to the last choice and returns where to go on looking; -1 when there is none.</summary>
    private int Backtrack()
    {
        while (order.Count > 0)
        {
            var choice = order[^1];
            order.RemoveAt(order.Count - 1);
            if (choice.Index >= known.Length)
                used[choice.Index - known.Length] = false;
            else
                placed[choice.Index] = false;
            (tag, version, prefix, high) = (choice.Tag, choice.Version, choice.Prefix, choice.High);
            if (choice.IsChoice)
                return choice.Index + 1;
        }

        return -1;
    }

    private Configuration Snapshot()
    {
        var window = Math.Max(0, high - prefix);
        var bits = new ulong[((window + used.Length + 63) / 64) + 1];
        for (var i = 0; i < window; i++)
        {
            if (placed[prefix + i])
                bits[i / 64] |= 1UL << (i % 64);
        }

        for (var i = 0; i < used.Length; i++)
        {
            if (used[i])
                bits[(window + i) / 64] |= 1UL << ((window + i) % 64);
        }

        bits[^1] = (ulong)window;
        return new Configuration(tag, version, prefix, bits);
    }

    private void RememberLongest(long bound)
    {
        if (order.Count <= longest)
            return;

        longest = order.Count;
        longestEnd = [.. order.TakeLast(ShownOperations).Select(c => At(c.Index))];
        blocked = [.. known.Skip(prefix).Where((o, i) => !placed[prefix + i]).TakeWhile(o => o.Invoked <= bound)];
    }

    private Operation At(int index) => index < known.Length ? known[index] : unknown[index - known.Length];

    private readonly record struct Choice(int Index, bool IsChoice, long Tag, int Version, int Prefix, int High);
}
