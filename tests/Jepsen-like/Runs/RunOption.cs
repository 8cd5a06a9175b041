using System.Globalization;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Targets;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Runs;

/// <summary>
/// An option of a run. The same list reads commands, describes them, and writes the one that repeats a run.
/// </summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Values">That stand behind it, for the usage.</param>
/// <param name="Read">Options with the value; null when it is wrong.</param>
/// <param name="Write">The value of a run; null where it need not be said.</param>
internal sealed record RunOption(
    string Name, string Values, Func<RunOptions, string, RunOptions?> Read, Func<RunOptions, string?> Write)
{
    public static IReadOnlyList<RunOption> All { get; } =
    [
        new("--target", Join(Target.All.Select(target => target.Name)),
            (run, value) => Target.Find(value) is { } target ? run with { Target = target } : null,
            run => run.Target.Name),
        new("--secs", "S",
            (run, value) => double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                ? run with { Duration = TimeSpan.FromSeconds(seconds) } : null,
            run => run.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        new("--seed", "N",
            (run, value) => int.TryParse(value, CultureInfo.InvariantCulture, out var seed)
                ? run with { Seed = seed } : null,
            run => Number(run.Seed)),
        Count("--nodes", "N", (run, nodes) => run with { Nodes = nodes }, run => Number(run.Nodes)),
        Count("--clients", "N", (run, clients) => run with { Clients = clients }, run => Number(run.Clients)),
        Count("--rate", "OPS_PER_SECOND", (run, rate) => run with { Rate = rate }, run => Number(run.Rate)),
        new("--workload", Join(WorkloadCatalog.All.Select(kind => kind.Name)),
            (run, value) => Names(value).All(one => WorkloadCatalog.Find(one) is not null)
                ? run with { Workloads = Names(value) } : null,
            run => Join(run.Workloads)),
        new("--nemesis", $"none,{Join(FaultCatalog.Nemeses)}",
            (run, value) => value == "none" ? run with { Nemeses = [] }
                : Names(value).All(FaultCatalog.Nemeses.Contains) ? run with { Nemeses = Names(value) } : null,
            run => run.Nemeses.Count == 0 ? "none" : Join(run.Nemeses)),
        Count("--at-once", "FAULTS", (run, faults) => run with { AtOnce = faults },
            run => run.AtOnce > 1 ? Number(run.AtOnce) : null),
        Switch("--leases", "on", "off", (run, isOn) => run with { UsesLeases = isOn }, run => run.UsesLeases),
        new("--planted", Join(PlantedFaults.All),
            (run, value) => Names(value).All(PlantedFaults.All.Contains) ? run with { Planted = Names(value) } : null,
            run => run.Planted.Count > 0 ? Join(run.Planted) : null),
        Switch("--compact", "often", "default",
            (run, isOften) => run with { CompactsOften = isOften }, run => run.CompactsOften),
        new("--network", "auto|namespaces|loopback",
            (run, value) => value is "auto" or "namespaces" or "loopback"
                ? run with { Network = Enum.Parse<NetworkMode>(value, ignoreCase: true) } : null,
            run => run.Network == NetworkMode.Auto ? null : run.Network.ToString().ToLowerInvariant()),
        File("--other-build", "COORD_NODE_DLL", (run, path) => run with { OtherBuild = path }, run => run.OtherBuild),
        File("--launcher", "PATH", (run, path) => run with { OwnLauncher = path },
            run => run.OwnLauncher ?? (run.Target == Target.Coord ? Launcher.NamedPath() : null)),
        new("--history", "FOLDER", (run, value) => run with { HistoryFolder = Path.GetFullPath(value) },
            run => run.HistoryFolder),
        Switch("--keep", "on", "off", (run, isOn) => run with { KeepsData = isOn }, run => run.KeepsData),
    ];

    /// <summary>Null when there is none of this name.</summary>
    public static RunOption? Find(string name) => All.FirstOrDefault(option => option.Name == name);

    /// <summary>What a shell is to be told for the value of a run, behind other words; may be nothing.</summary>
    public string Words(RunOptions run) => Write(run) is { } value ? $" {Name} {Quoted(value)}" : "";

    private static RunOption Count(
        string name, string values, Func<RunOptions, int, RunOptions> read, Func<RunOptions, string?> write) =>
        new(name, values,
            (run, value) => int.TryParse(value, CultureInfo.InvariantCulture, out var count) && count > 0
                ? read(run, count) : null,
            write);

    private static RunOption Switch(
        string name, string on, string off, Func<RunOptions, bool, RunOptions> read, Func<RunOptions, bool> isOn) =>
        new(name, $"{on}|{off}", (run, value) => value == on || value == off ? read(run, value == on) : null,
            run => isOn(run) ? on : null);

    private static RunOption File(
        string name, string values, Func<RunOptions, string, RunOptions> read, Func<RunOptions, string?> write) =>
        new(name, values,
            (run, value) => System.IO.File.Exists(value) ? read(run, Path.GetFullPath(value)) : null, write);

    private static string Quoted(string value) =>
        value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./,:+".Contains(letter))
            ? value : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string[] Names(string value) => value.Split(',');

    private static string Join(IEnumerable<string> names) => string.Join(',', names);
}
