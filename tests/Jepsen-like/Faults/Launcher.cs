using System.Diagnostics;
using System.Net;
using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// The script that starts and hurts nodes: <c>start DIR NODES FIRST_PORT</c>, <c>stop DIR</c>, and
/// <c>kill | restart | pause | resume DIR N</c>. Any script with these verbs will do.
/// </summary>
internal sealed class Launcher(string path)
{
    /// <summary>The environment variable that names another launcher for the tests.</summary>
    public const string Variable = "COORD_LAUNCHER";

    /// <summary>The variable whose libraries a node loads before all others; settings add to each other's.</summary>
    public const string Preload = "LD_PRELOAD";

    // The first start may have to build the node.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Settings of a node under which it rolls, snapshots and compacts its log all the time.</summary>
    public static IReadOnlyDictionary<string, string> OftenCompacting { get; } = new Dictionary<string, string>
    {
        ["COORD__limits__segmentBytes"] = "1048576",
        ["COORD__limits__firstSegmentBytes"] = "1048576",
        ["COORD__limits__snapshotTriggerBytes"] = "262144",
        ["COORD__limits__logKeptBytes"] = "0",
    };

    /// <summary>Settings of a node that answers every word on its client port, <c>hash</c> too.</summary>
    public static IReadOnlyDictionary<string, string> TellingDigests { get; } = new Dictionary<string, string>
    {
        ["COORD__zookeeper__4lw.commands.whitelist"] = "*",
    };

    /// <summary>Settings under which a node rolls its log every second or so, and takes snapshots.</summary>
    public static IReadOnlyDictionary<string, string> SmallFiles { get; } = new Dictionary<string, string>
    {
        ["COORD__limits__segmentBytes"] = "1048576",
        ["COORD__limits__firstSegmentBytes"] = "1048576",
        ["COORD__limits__snapshotTriggerBytes"] = "4194304",
    };

    public string Path { get; } = path;

    /// <summary>Environment of the nodes, over this process's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The same with further settings.</summary>
    public Launcher With(IReadOnlyDictionary<string, string> more) => new(Path)
    {
        Settings = Settings.Concat(more).ToDictionary(),
        AskModeAsync = AskModeAsync, NodesEndWhenRefused = NodesEndWhenRefused,
    };

    /// <summary>Asks a node what it is: "leader", something else, or null while it does not serve.</summary>
    public Func<IPEndPoint, Task<string?>> AskModeAsync { get; init; } = FourLetterWord.ModeAsync;

    /// <summary>
    /// Whether its nodes promise to end by themselves when the disk refuses what they have to store (decision record
    /// 6). Where they do not, one that lives on without serving is ended and started again, as an operator would.
    /// </summary>
    public bool NodesEndWhenRefused { get; init; } = true;

    /// <summary>The launcher that the tests use.</summary>
    public static Launcher Default() => new(DefaultPath());

    /// <summary>The path named by the environment, else this repository's own launcher.</summary>
    public static string DefaultPath() =>
        NamedPath() ?? System.IO.Path.Combine(RepositoryRoot(), "deploy", "local-cluster.sh");

    /// <summary>The path named by the environment; null without one.</summary>
    public static string? NamedPath() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? System.IO.Path.GetFullPath(named) : null;

    /// <summary>Runs one verb and returns what it printed; throws with its error output when it fails.</summary>
    public Task<string> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs one verb with further settings for the nodes that it starts.</summary>
    public async Task<string> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        foreach (var (name, value) in Settings.Concat(settings))
            Set(start.Environment, name, value);

        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timer = new CancellationTokenSource(Patience);
        var verb = $"{Path} {string.Join(' ', arguments)}";
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new LauncherException($"{verb}: not done after {Patience.TotalMinutes} minutes");
        }

        return process.ExitCode == 0 ? await output
            : throw new LauncherException($"{verb}: exit status {process.ExitCode}: {await errors}");
    }

    private static void Set(IDictionary<string, string?> environment, string name, string value) =>
        environment[name] = name == Preload && environment.TryGetValue(name, out var others)
            && others is { Length: > 0 } ? $"{others}:{value}" : value;

    public static string RepositoryRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(at.FullName, "Coord.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository");
    }
}
