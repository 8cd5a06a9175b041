using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Searches an order of operations that agrees with real time and with a model, whatever that is: Wing and Gong's
/// algorithm with Lowe's cache of configurations, as <see cref="LinearizabilitySearch"/> does it for one register. It
/// looks at no zxid. What leaves the state as it is and fits it is placed at once; unknown ones need not be placed.
/// </summary>
/// <typeparam name="TState">Compared by value.</typeparam>
internal sealed class OrderSearch<TState> where TState : class, IEquatable<TState>
{
    private const int ShownOperations = 24;

    private readonly Operation[] operations;    // known ones by invocation, then unknown ones
    private readonly int known;
    private readonly bool[] placed;
    private readonly Func<TState, Operation, TState?> apply;
    private readonly Dictionary<TState, int> numbers = [];
    private readonly HashSet<Configuration> seen = [];
    private readonly Stack<Choice> order = [];
    private TState state;
    private int prefix;     // everything known before it is placed
    private int high;       // nothing known from here on is placed
    private int longest = -1;
    private Operation[] longestEnd = [];
    private Operation[] blocked = [];

    private OrderSearch(
        IEnumerable<Operation> history, TState initial, Func<TState, Operation, TState?> apply)
    {
        var all = history.OrderBy(o => o.Invoked).ToArray();
        operations = [.. all.Where(o => o.IsKnown), .. all.Where(o => !o.IsKnown && o.IsWrite)];
        known = all.Count(o => o.IsKnown);
        placed = new bool[operations.Length];
        (this.apply, state) = (apply, initial);
    }

    /// <param name="history">Operations that take a place in real time.</param>
    /// <param name="initial">The state before any of them.</param>
    /// <param name="apply">The state behind an operation, the same object if it changes nothing; null when the model
    /// does not allow the operation here.</param>
    /// <param name="stepsMax">After which the search is given up.</param>
    public static SearchResult Run(IEnumerable<Operation> history, TState initial,
        Func<TState, Operation, TState?> apply, long stepsMax) =>
        new OrderSearch<TState>(history, initial, apply).Run(stepsMax);

    private SearchResult Run(long stepsMax)
    {
        var from = 0;
        for (var steps = 0L; prefix < known; steps++)
        {
            if (steps == stepsMax)
                return new SearchResult(SearchVerdict.Undecided, steps, longestEnd, blocked);

            var bound = EarliestReturn();
            if (from == 0 && Find(prefix, bound, changes: false) is { At: >= 0 } observation)
            {
                Place(observation, isChoice: false);
                continue;
            }

            if (Find(Math.Max(from, prefix), bound, changes: true) is { At: >= 0 } change)
            {
                Place(change, isChoice: true);
                from = seen.Add(Snapshot()) ? 0 : Backtrack();
            }
            else
            {
                RememberLongest(bound);
                from = Backtrack();
            }

            if (from < 0)
                return new SearchResult(SearchVerdict.NotLinearizable, steps, longestEnd, blocked);
        }

        return new SearchResult(SearchVerdict.Linearizable, order.Count, [], []);
    }

    /// <summary>The earliest completion among what is not placed: what comes next was invoked by then.</summary>
    private long EarliestReturn()
    {
        var bound = long.MaxValue;
        for (var i = prefix; i < known && operations[i].Invoked <= bound; i++)
        {
            if (!placed[i])
                bound = Math.Min(bound, operations[i].Completed);
        }

        return bound;
    }

    private (int At, TState? Next) Find(int from, long bound, bool changes)
    {
        var end = changes ? operations.Length : known;
        for (var i = from; i < end; i++)
        {
            if (operations[i].Invoked > bound)
            {
                // Unknown ones begin again with the earliest.
                if (i >= known)
                    break;
                i = known - 1;
                continue;
            }

            if (!placed[i] && apply(state, operations[i]) is { } next && ReferenceEquals(next, state) != changes)
                return (i, next);
        }

        return (-1, null);
    }

    private void Place((int At, TState? Next) found, bool isChoice)
    {
        order.Push(new Choice(found.At, isChoice, state, prefix, high));
        placed[found.At] = true;
        state = found.Next!;
        if (found.At < known)
            high = Math.Max(high, found.At + 1);
        while (prefix < known && placed[prefix])
            prefix++;
    }

    /// <summary>Undoes up to the last choice and returns where to go on looking; -1 when there is none.</summary>
    private int Backtrack()
    {
        while (order.TryPop(out var choice))
        {
            placed[choice.At] = false;
            (state, prefix, high) = (choice.State, choice.Prefix, choice.High);
            if (choice.IsChoice)
                return choice.At + 1;
        }

        return -1;
    }

    private Configuration Snapshot()
    {
        if (!numbers.TryGetValue(state, out var number))
            numbers.Add(state, number = numbers.Count);

        var window = Math.Max(0, high - prefix);
        var bits = new ulong[((window + operations.Length - known + 63) / 64) + 1];
        for (var i = 0; i < window + operations.Length - known; i++)
        {
            if (placed[i < window ? prefix + i : known + i - window])
                bits[i / 64] |= 1UL << (i % 64);
        }

        bits[^1] = (ulong)window;
        return new Configuration(number, 0, prefix, bits);
    }

    private void RememberLongest(long bound)
    {
        if (order.Count <= longest)
            return;

        longest = order.Count;
        longestEnd = [.. order.Take(ShownOperations).Select(choice => operations[choice.At]).Reverse()];
        blocked = [.. operations.Take(known).Skip(prefix).Where((_, i) => !placed[prefix + i])
            .TakeWhile(o => o.Invoked <= bound)];
    }

    private readonly record struct Choice(int At, bool IsChoice, TState State, int Prefix, int High);
}
