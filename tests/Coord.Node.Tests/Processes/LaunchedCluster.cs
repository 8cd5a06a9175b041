using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// A cluster of processes, driven as an operator would: deploy/local-cluster.sh, and the admin ports.
/// </summary>
internal sealed class LaunchedCluster : IDisposable
{
    /// <summary>The super user of every launched cluster.</summary>
    public const string Super = "super:secret";

    private static readonly HttpClient Http = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = NodeProcess.Patience,
    };

    private readonly Dictionary<string, string> settings = [];
    private readonly LauncherPorts ports = LauncherPorts.Take();

    // A node that is killed leaves behind what it has in the folder for temporary files.
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("coord-cluster-temporary-");
    private string[] within = [];

    /// <summary>Everything of the cluster: data in <c>N/data</c>, log in <c>N/out</c>.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("coord-cluster-");

    /// <summary>The launcher takes a first port and derives the rest.</summary>
    public int FirstPort => ports.First;

    /// <summary>A setting for every node started from now on, as <c>COORD__limits__…</c>.</summary>
    public LaunchedCluster With(string key, long value) => With(key, $"{value}");

    public LaunchedCluster With(string key, string value)
    {
        settings[$"COORD__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        return this;
    }

    /// <summary>Runs the launcher by this command from now on, which is given the launcher's as arguments.</summary>
    public void Within(params string[] command) => within = command;

    public LaunchedCluster Start(int nodes = 3)
    {
        Do("start", $"{nodes}", $"{FirstPort}");
        return this;
    }

    /// <summary>Runs a verb of the launcher on this cluster, which must succeed.</summary>
    public string Do(string verb, params string[] arguments)
    {
        var (code, output) = Run([verb, Folder.FullName, .. arguments]);
        Assert.True(code == 0, $"local-cluster.sh {verb} {string.Join(' ', arguments)}: {code}: {output}");
        return output;
    }

    /// <summary>Runs the launcher.</summary>
    public (int Code, string Output) Run(params string[] arguments)
    {
        string[] command =
            [.. within, "bash", Path.Combine(RepositoryRoot(), "deploy", "local-cluster.sh"), .. arguments];
        var script = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        script.Environment["COORD_NODE_DLL"] = NodeProcess.Program;
        script.Environment["COORD_SUPER"] = Super;
        script.Environment["TMPDIR"] = temporary.FullName;
        foreach (var (key, value) in settings)
            script.Environment[key] = value;
        using var process = Process.Start(script)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    public NodeAddress Client(int node) => new("127.0.0.1", FirstPort + node - 1);

    public string Data(int node) => Path.Combine(Folder.FullName, $"{node}", "data");

    public string Log(int node) => File.ReadAllText(Path.Combine(Folder.FullName, $"{node}", "out"));

    public int ProcessId(int node) => int.Parse(File.ReadAllText(Path.Combine(Folder.FullName, $"{node}", "pid")));

    /// <summary>The node that leads, by the word of a node that serves.</summary>
    public int Leader()
    {
        var leader = 0;
        Until("a leader", () => (leader = Nodes().FirstOrDefault(IsLeader)) > 0);
        return leader;
    }

    /// <summary>What <c>GET /commands/raft</c> says; null when the node does not answer.</summary>
    public JsonElement? Report(int node)
    {
        try
        {
            var text = Http.GetStringAsync(Admin(node, "/commands/raft")).GetAwaiter().GetResult();
            return JsonDocument.Parse(text).RootElement;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Looks at a page of one node's admin port.</summary>
    public (HttpStatusCode Code, string Text) Get(int node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Admin(node, path));
        return Send(request);
    }

    /// <summary>Sends an order to one node's admin port.</summary>
    public (HttpStatusCode Code, string Text) Post(int node, string path, string? credentials = Super)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Admin(node, path));
        if (credentials is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"digest {credentials}");
        return Send(request);
    }

    /// <summary>Sends an order to whoever leads, as long as nobody does; it must be obeyed.</summary>
    public void Order(string path)
    {
        (HttpStatusCode Code, string Text) answer = default;
        Until($"a leader for {path}", () => (answer = Post(Leader(), path)).Code != HttpStatusCode.TemporaryRedirect);
        Assert.True(answer.Code == HttpStatusCode.OK, $"{path}: {answer.Code}: {answer.Text}");
    }

    /// <summary>Waits until what a node reports fits.</summary>
    public void Until(int node, string what, Func<JsonElement, bool> fits) =>
        Until($"node {node}: {what}", () => Report(node) is { } report && fits(report), () => $"{Report(node)}");

    /// <summary>
    /// Waits until a node takes sessions: it closes new connections while it knows no leader, and may not know yet
    /// that the one it follows is dead.
    /// </summary>
    public void UntilServing(int node) =>
        Until(node, "takes sessions under a leader that lives", report =>
            report.GetProperty("not_ready_because").GetString() is null
            && IsLeader(report.GetProperty("leader").GetInt32()));

    /// <summary>Waits until a node's log says this.</summary>
    public void UntilLogged(int node, string text) =>
        Until($"node {node} logs '{text}'", () => Log(node).Contains(text, StringComparison.Ordinal), () => Log(node));

    public static void Until(string what, Func<bool> holds, Func<string>? state = null)
    {
        var patience = Stopwatch.StartNew();
        while (!holds())
        {
            if (patience.Elapsed > NodeProcess.Patience)
                throw new TimeoutException($"Not within {NodeProcess.Patience}: {what}. {state?.Invoke()}");
            Thread.Sleep(5); // A poll of another process; what ends the wait is its answer.
        }
    }

    public void Dispose()
    {
        try
        {
            Do("stop");
            Folder.Delete(recursive: true);
            temporary.Delete(recursive: true);
        }
        finally
        {
            ports.Dispose();
        }
    }

    private static (HttpStatusCode Code, string Text) Send(HttpRequestMessage request)
    {
        using var answer = Http.Send(request);
        using var body = new StreamReader(answer.Content.ReadAsStream());
        return (answer.StatusCode, body.ReadToEnd());
    }

    private bool IsLeader(int node) => Report(node)?.GetProperty("role").GetString() == "leader";

    private IEnumerable<int> Nodes() => Folder.EnumerateDirectories().Select(folder => int.Parse(folder.Name)).Order();

    private Uri Admin(int node, string path) => new($"http://127.0.0.1:{FirstPort + 199 + node}{path}");

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No Coord.sln above the tests.");
        return folder.FullName;
    }
}
