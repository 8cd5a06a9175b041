using Coord.Simulation.Clients;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// The search of Wing and Gong with Lowe's cache, register by register (raft-design T21): there is an order of all
/// operations, each between its call and its answer, in which every synced read returns the newest value. It trusts no
/// zxid, and so judges those who made them up too.
/// </summary>
internal static class LinearizabilityChecker
{
    private const int StepsMax = 200_000;

    /// <summary>Throws where there is no such order.</summary>
    /// <returns>How many registers were given up, their histories being too tangled.</returns>
    public static int Check(History history)
    {
        var undecided = 0;
        var registers = history.Single()
            .Where(o => o.Path.StartsWith("/register-", StringComparison.Ordinal))
            .GroupBy(o => o.Path);
        foreach (var register in registers)
        {
            var calls = CallsOf(register);
            var isLinear = TryOrder(calls);
            if (isLinear is false)
                throw new SimulationFailedException($"no order of calls explains the values of {register.Key}");

            undecided += isLinear is null ? 1 : 0;
        }

        return undecided;
    }

    /// <summary>True: there is an order. False: there is none. Null: not found within the limit of steps.</summary>
    internal static bool? TryOrder(IReadOnlyList<Call> calls)
    {
        var events = calls.SelectMany((c, i) => new[] { (Time: c.From, Kind: 0, i), (Time: c.To, Kind: 1, i) })
            .OrderBy(e => e.Time).ThenBy(e => e.Kind).ToArray();
        var list = new EventList(events.Length, calls.Count);
        for (var e = 0; e < events.Length; e++)
            list.Append(events[e].i, isCall: events[e].Kind == 0);

        var search = new Search(calls, list);
        return search.Run(StepsMax);
    }

    // What was never answered may have happened at any later time, or never: where its value was not read, leaving it
    // out is as good as any place.
    private static List<Call> CallsOf(IEnumerable<Operation> operations)
    {
        var known = operations.ToArray();
        var reads = known.Where(o => o is { Kind: OperationKind.Get, Succeeded: true, SyncedSince: >= 0 }).ToArray();
        var read = reads.Select(o => o.ReadValue).ToHashSet(StringComparer.Ordinal);
        var calls = reads.Select(o => new Call(false, o.ReadValue, o.SyncedSince, o.Completed)).ToList();
        foreach (var set in known.Where(o => o is { Kind: OperationKind.Set, MayHaveHappened: true }))
        {
            if (set.IsAnswered)
                calls.Add(new Call(true, set.Value, set.Invoked, set.Completed));
            else if (read.Contains(set.Value))
                calls.Add(new Call(true, set.Value, set.Invoked, long.MaxValue));
        }

        return calls;
    }

    /// <summary>One operation on a register: what it wrote or read, and when.</summary>
    internal readonly record struct Call(bool IsWrite, string Value, long From, long To);

    private sealed class Search(IReadOnlyList<Call> calls, EventList list)
    {
        private readonly HashSet<(UInt128 Done, string Value)> _seen = [];
        private readonly Stack<(int Call, string Value)> _ordered = new();
        private readonly UInt128[] _marks = Marks(calls.Count);
        private UInt128 _done;
        private string _value = "";

        public bool? Run(int stepsMax)
        {
            var entry = list.First;
            for (var step = 0; !list.IsEmpty; step++)
            {
                if (step > stepsMax)
                    return null;

                if (list.IsCall(entry))
                {
                    entry = TryTake(list.CallOf(entry)) ? list.First : list.Next(entry);
                    continue;
                }

                // An answer whose call found no place: the choice before it was wrong.
                if (_ordered.Count == 0)
                    return false;

                entry = list.Next(TakeBack());
            }

            return true;
        }

        // A sum of random marks stands for the set of calls done: the cache holds it instead of long bit sets.
        private static UInt128[] Marks(int count)
        {
            var random = new Disk.SeededRandom((ulong)count + 1);
            return Enumerable.Range(0, count).Select(_ => new UInt128(random.Next(), random.Next())).ToArray();
        }

        private bool TryTake(int call)
        {
            var (isWrite, value, _, _) = calls[call];
            if (!isWrite && value != _value)
                return false;

            if (!_seen.Add((_done + _marks[call], value)))
                return false;

            _ordered.Push((call, _value));
            _done += _marks[call];
            _value = value;
            list.Lift(call);
            return true;
        }

        private int TakeBack()
        {
            var (call, value) = _ordered.Pop();
            _done -= _marks[call];
            _value = value;
            list.Unlift(call);
            return list.EntryOf(call);
        }
    }

    /// <summary>Calls and answers in the order of time, doubly linked; a call is lifted out with its answer.</summary>
    private sealed class EventList
    {
        private readonly int[] _next;
        private readonly int[] _previous;
        private readonly int[] _call;
        private readonly bool[] _isCall;
        private readonly int[] _callEntry;
        private readonly int[] _answerEntry;
        private int _count;

        public EventList(int entries, int calls)
        {
            _next = new int[entries + 2];
            _previous = new int[entries + 2];
            _call = new int[entries + 2];
            _isCall = new bool[entries + 2];
            _callEntry = new int[calls];
            _answerEntry = new int[calls];
            _next[0] = 0;
        }

        public int First => _next[0];

        public bool IsEmpty => _next[0] == 0;

        public void Append(int call, bool isCall)
        {
            var entry = ++_count;
            _call[entry] = call;
            _isCall[entry] = isCall;
            (isCall ? _callEntry : _answerEntry)[call] = entry;
            var last = _previous[0];
            _next[last] = entry;
            _previous[entry] = last;
            _next[entry] = 0;
            _previous[0] = entry;
        }

        // The head stands for the end too: it is no call, so a search that gets there turns back.
        public bool IsCall(int entry) => entry != 0 && _isCall[entry];

        public int CallOf(int entry) => _call[entry];

        public int EntryOf(int call) => _callEntry[call];

        public int Next(int entry) => _next[entry];

        public void Lift(int call)
        {
            Unlink(_callEntry[call]);
            Unlink(_answerEntry[call]);
        }

        public void Unlift(int call)
        {
            Link(_answerEntry[call]);
            Link(_callEntry[call]);
        }

        private void Unlink(int entry)
        {
            _next[_previous[entry]] = _next[entry];
            _previous[_next[entry]] = _previous[entry];
        }

        private void Link(int entry)
        {
            _next[_previous[entry]] = entry;
            _previous[_next[entry]] = entry;
        }
    }
}
