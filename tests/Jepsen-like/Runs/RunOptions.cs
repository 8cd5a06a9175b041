using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Targets;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Runs;

/// <summary>What a run does; every value has a default, and one of <see cref="RunOption.All"/>.</summary>
internal sealed record RunOptions
{
    /// <summary>Clients that take and release locks, beside the others.</summary>
    public const int LockClients = 4;

    /// <summary>Clients that watch znodes.</summary>
    public const int WatchClients = 3;

    /// <summary>How long a client waits for a reply before it calls the outcome unknown and moves on.</summary>
    public static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(2);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    public int Seed { get; init; } = Random.Shared.Next();

    public int Clients { get; init; } = 12;

    /// <summary>Operations per second of all clients together, at most.</summary>
    public int Rate { get; init; } = 5_000;

    /// <summary>Nodes take snapshots and drop log all the time, so that who falls behind needs a snapshot.</summary>
    public bool CompactsOften { get; init; }

    /// <summary>Beside each other, on one cluster.</summary>
    public IReadOnlyList<string> Workloads { get; init; } = ["znodes"];

    /// <summary>Families of faults to draw from; none leaves the cluster alone.</summary>
    public IReadOnlyList<string> Nemeses { get; init; } = ["kill", "pause"];

    /// <summary>How many faults, of different families, overlap in time.</summary>
    public int AtOnce { get; init; } = 1;

    /// <summary>The Coord.Node.dll that upgrades begin with; one is made of an older commit by default.</summary>
    public string? OtherBuild { get; init; }

    /// <summary>Names of faults built in on purpose, which the rules must find; none by default.</summary>
    public IReadOnlyList<string> Planted { get; init; } = [];

    public int Nodes { get; init; } = 3;

    /// <summary>Where the nodes live.</summary>
    public NetworkMode Network { get; init; } = NetworkMode.Auto;

    /// <summary>What the cluster is made of.</summary>
    public Target Target { get; init; } = Target.Coord;

    /// <summary>In place of the target's own.</summary>
    public string? OwnLauncher { get; init; }

    /// <summary>Where whole histories go; none by default. What violates a rule is always written.</summary>
    public string? HistoryFolder { get; init; }

    /// <summary>Leaves the nodes' data and output where they are; removed by default.</summary>
    public bool KeepsData { get; init; }

    /// <summary>What is left of a session's timeout where the clock that counts it goes too fast.</summary>
    public int LeastTimeoutMs(int grantedMs) => (int)(grantedMs / ClockFaults.FastestRate(Nemeses));

    /// <summary>What becomes of a session's timeout where the clock that counts it goes too slowly.</summary>
    public int MostTimeoutMs(int grantedMs) => (int)Math.Ceiling(grantedMs / ClockFaults.SlowestRate(Nemeses));

    /// <summary>Leaders read by their leases, which only clocks that are about right allow.</summary>
    public bool UsesLeases { get; init; }

    public string LauncherPath => OwnLauncher ?? Target.LauncherPath;

    public Launcher CreateLauncher()
    {
        var settings = Launcher.TellingDigests
            .Concat(CompactsOften ? Launcher.OftenCompacting : new Dictionary<string, string>()).ToDictionary();
        if (UsesLeases)
            settings["COORD__limits__leaderLeases"] = "true";
        return new Launcher(LauncherPath)
        {
            Settings = settings, AskModeAsync = Target.AskModeAsync, NodesEndWhenRefused = Target.NodesEndWhenRefused,
        };
    }

    /// <summary>How a run is asked for.</summary>
    public static string Usage() => "usage: run" + string.Concat(RunOption.All.Select(option =>
        $"\n         [{option.Name} {option.Values}]"));

    /// <summary>The command that makes the same run again: parsing it gives equal options.</summary>
    public string Repeat() => "dotnet run --project tests/Jepsen-like -c Release -- run" +
        string.Concat(RunOption.All.Select(option => option.Words(this)));

    /// <summary>Parses name and value pairs; null when something is wrong.</summary>
    public static RunOptions? Parse(string[] arguments)
    {
        if (arguments.Length % 2 != 0)
            return null;

        RunOptions? options = new();
        for (var i = 0; i < arguments.Length && options is not null; i += 2)
            options = RunOption.Find(arguments[i])?.Read(options, arguments[i + 1]);

        // Leases promise nothing there.
        return options is { UsesLeases: true } && options.Nemeses.Contains(ClockFaults.WildDrift) ? null : options;
    }

    /// <summary>What of it the target cannot do; null when it can do all of it.</summary>
    public string? Objection()
    {
        var workloads = Workloads.Where(name => !Target.Takes(WorkloadCatalog.Find(name)!));
        var nemeses = Nemeses.Where(nemesis => !FaultCatalog.Of([nemesis]).Any(Target.Takes));
        var settings = new[] { UsesLeases ? "--leases on" : "", CompactsOften ? "--compact often" : "" }
            .Where(setting => setting.Length > 0 && Target != Target.Coord);
        var missing = workloads.Concat(nemeses).Concat(settings).ToArray();
        return missing.Length == 0 ? null : $"not on {Target.Name}: {Join(missing)}";
    }

    private static string Join(IEnumerable<string> names) => string.Join(',', names);
}
