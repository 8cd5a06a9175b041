using Coord.Simulation.Disk;

namespace Coord.Simulation.Clients;

/// <summary>
/// What one client does: registers that all of them set and read, znodes of its own, a queue of sequential znodes,
/// multis over several registers, and znodes that the leader sweeps.
/// </summary>
internal sealed class Workload(SeededRandom random, WorkloadMix mix, int client)
{
    public const int Keys = 5;

    /// <summary>The parent of all sequential znodes.</summary>
    public const string Queue = "/queue";

    private readonly List<string> _mine = [];
    private readonly Dictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly List<string> _queued = [];
    private int _number;
    private string _container = "";
    private int _containerStep;

    /// <summary>What must be there before anything else: made by one client, as often as it takes.</summary>
    public static IReadOnlyList<string> Shared { get; } =
        [.. Enumerable.Range(0, Keys).Select(KeyPath), Queue];

    public static string KeyPath(int key) => $"/register-{key}";

    public Request Next()
    {
        var weights = new[] { mix.Sets, mix.Gets, mix.SyncedGets, mix.Owned, mix.Sequentials, mix.Multis, mix.Swept };
        var drawn = random.Below(weights.Sum());
        var kind = 0;
        while (drawn >= weights[kind])
            drawn -= weights[kind++];

        var path = KeyPath(random.Below(Keys));
        return kind switch
        {
            0 => Set(path, isChecked: random.Chance(0.3)),
            1 => new Request(OperationKind.Get, path) { Watches = DrawWatch() },
            2 => Synced(new Request(OperationKind.Get, path) { Watches = DrawWatch() }),
            3 => Own(),
            4 => InQueue(),
            5 => Multi(),
            _ => Swept(),
        };
    }

    /// <summary>Learns versions and names from answers.</summary>
    public void Learn(Operation answered)
    {
        if (answered.Error != 0)
            return;

        if (answered.Kind is OperationKind.Get or OperationKind.Set)
            _versions[answered.Path] = answered.Stat.Version;
        else if (answered.Kind == OperationKind.Children)
            Replace(_queued, answered.Names.Select(name => $"{Queue}/{name}"));
    }

    private static void Replace(List<string> list, IEnumerable<string> items)
    {
        list.Clear();
        list.AddRange(items);
    }

    private Request Synced(Request read) =>
        random.Chance(0.5) ? read with { IsSynced = true } : read with { HasBarrier = true };

    private Request Set(string path, bool isChecked) => new(OperationKind.Set, path)
    {
        Value = NextValue(),
        Version = isChecked && _versions.TryGetValue(path, out var version) ? version : -1,
    };

    private Request Own()
    {
        if (_mine.Count == 0 || random.Chance(0.4))
        {
            var created = $"/own-{client}-{++_number}";
            _mine.Add(created);
            return new Request(OperationKind.Create, created) { Value = NextValue(), IsEphemeral = random.Chance(0.7) };
        }

        var own = random.Pick(_mine);
        return random.Below(3) switch
        {
            0 => new Request(OperationKind.Delete, own),
            1 => Synced(new Request(OperationKind.Exists, own) { Watches = DrawWatch() }),
            _ => new Request(OperationKind.Exists, own) { Watches = DrawWatch() },
        };
    }

    private Request InQueue()
    {
        switch (random.Below(4))
        {
            case 0:
                var children = new Request(OperationKind.Children, Queue) { Watches = DrawWatch() };
                return random.Chance(0.5) ? Synced(children) : children;
            case 1 when _queued.Count > 0:
                return new Request(OperationKind.Delete, random.Pick(_queued));
            default:
                return new Request(OperationKind.Create, $"{Queue}/n-")
                {
                    Value = NextValue(),
                    IsSequential = true,
                    IsEphemeral = random.Chance(0.5),
                };
        }
    }

    private Request Multi()
    {
        var first = random.Below(Keys);
        var parts = new List<Request>();
        if (random.Chance(0.5) && _versions.TryGetValue(KeyPath(first), out var version))
            parts.Add(new Request(OperationKind.Check, KeyPath(first)) { Version = version });

        parts.Add(Set(KeyPath(first), isChecked: false));
        parts.Add(Set(KeyPath((first + 1) % Keys), isChecked: random.Chance(0.2)));
        return new Request(OperationKind.Multi, "") { Parts = parts };
    }

    // A znode that ends by itself, or a container that gets a child, loses it, and is forgotten.
    private Request Swept()
    {
        if (_containerStep == 0 && random.Chance(0.5))
            return new Request(OperationKind.CreateTtl, $"/timed-{client}-{++_number}")
            {
                Value = NextValue(), TtlMs = random.Between(1, 1_500),
            };

        var step = _containerStep;
        _containerStep = (_containerStep + 1) % 3;
        if (step == 0)
            _container = $"/container-{client}-{++_number}";
        return step switch
        {
            0 => new Request(OperationKind.CreateContainer, _container),
            1 => new Request(OperationKind.Create, $"{_container}/child"),
            _ => new Request(OperationKind.Delete, $"{_container}/child"),
        };
    }

    private bool DrawWatch() => random.Below(100) < mix.WatchPercent;

    private string NextValue()
    {
        var value = $"c{client}-{++_number}-";
        return value + new string('.', random.Below(mix.ValueBytesMax));
    }
}
