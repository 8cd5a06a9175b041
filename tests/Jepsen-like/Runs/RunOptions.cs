using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Targets;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Runs;

/// <summary>What a run does; every value has a default.</summary>
internal sealed record RunOptions
{
    public static readonly string Usage = $"""
        usage: run [--secs S] [--seed N] [--nodes N] [--clients N] [--rate OPS_PER_SECOND]
                   [--workload {Join(WorkloadCatalog.All.Select(kind => kind.Name))}]
                   [--nemesis none,{Join(FaultCatalog.Nemeses)}]
                   [--at-once FAULTS] [--leases on|off] [--other-build COORD_NODE_DLL]
                   [--target {Join(Target.All.Select(target => target.Name))}]
                   [--network auto|namespaces|loopback] [--launcher PATH]
                   [--compact often|default] [--history FOLDER] [--keep on|off]
                   [--planted {Join(PlantedFaults.All)}]
        """;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    public int Seed { get; init; } = Random.Shared.Next();

    public int Clients { get; init; } = 12;

    /// <summary>Clients that take and release locks, beside the others.</summary>
    public int LockClients { get; init; } = 4;

    /// <summary>Clients that watch registers.</summary>
    public int WatchClients { get; init; } = 3;

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

    /// <summary>How long a client waits for a reply before it calls the outcome unknown and moves on.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(2);

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

    /// <summary>The command that makes the same run again.</summary>
    public string Repeat() =>
        $"dotnet run --project tests/Jepsen-like -c Release -- run --target {Target.Name} " +
        $"--secs {Duration.TotalSeconds:F0} --seed {Seed} --nodes {Nodes} --clients {Clients} --rate {Rate} " +
        $"--workload {Join(Workloads)} --nemesis {(Nemeses.Count == 0 ? "none" : Join(Nemeses))}" +
        (AtOnce > 1 ? $" --at-once {AtOnce}" : "") + (UsesLeases ? " --leases on" : "") +
        (Planted.Count > 0 ? $" --planted {Join(Planted)}" : "") + (CompactsOften ? " --compact often" : "");

    /// <summary>Parses name and value pairs; null when something is wrong.</summary>
    public static RunOptions? Parse(string[] arguments)
    {
        if (arguments.Length % 2 != 0)
            return null;

        RunOptions? options = new();
        for (var i = 0; i < arguments.Length && options is not null; i += 2)
            options = options.With(arguments[i], arguments[i + 1]);

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

    private RunOptions? With(string name, string value)
    {
        var isNumber = int.TryParse(value, out var number);
        return name switch
        {
            "--secs" when isNumber && number > 0 => this with { Duration = TimeSpan.FromSeconds(number) },
            "--seed" when isNumber => this with { Seed = number },
            "--clients" when isNumber && number > 0 => this with { Clients = number },
            "--rate" when isNumber && number > 0 => this with { Rate = number },
            "--nodes" when isNumber && number > 0 => this with { Nodes = number },
            "--leases" when value is "on" or "off" => this with { UsesLeases = value == "on" },
            "--at-once" when isNumber && number > 0 => this with { AtOnce = number },
            "--other-build" when File.Exists(value) => this with { OtherBuild = Path.GetFullPath(value) },
            "--workload" when Names(value).All(one => WorkloadCatalog.Find(one) is not null) =>
                this with { Workloads = Names(value) },
            "--nemesis" when value == "none" => this with { Nemeses = [] },
            "--nemesis" when Names(value).All(FaultCatalog.Nemeses.Contains) => this with { Nemeses = Names(value) },
            "--network" when value is "auto" or "namespaces" or "loopback" =>
                this with { Network = Enum.Parse<NetworkMode>(value, ignoreCase: true) },
            "--launcher" when File.Exists(value) => this with { OwnLauncher = Path.GetFullPath(value) },
            "--target" when Target.Find(value) is { } target => this with { Target = target },
            "--planted" when Names(value).All(PlantedFaults.All.Contains) => this with { Planted = Names(value) },
            "--compact" when value is "often" or "default" => this with { CompactsOften = value == "often" },
            "--keep" when value is "on" or "off" => this with { KeepsData = value == "on" },
            "--history" => this with { HistoryFolder = value },
            _ => null,
        };
    }

    private static string[] Names(string value) => value.Split(',');

    private static string Join(IEnumerable<string> names) => string.Join(',', names);
}
