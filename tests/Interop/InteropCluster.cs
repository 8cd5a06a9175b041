using System.Diagnostics;
using System.Net.Sockets;
using Coord.JepsenLike.Faults;

namespace Coord.Interop;

/// <summary>
/// Three nodes as processes, shared by all tests here. COORD_LAUNCHER names another launcher with the verbs of
/// deploy/local-cluster.sh, for example tests/tools/zookeeper-ensemble.sh for Apache ZooKeeper: the scenarios have to
/// hold there as well.
/// </summary>
public sealed class InteropCluster : IDisposable
{
    private static readonly TimeSpan ServingMax = TimeSpan.FromMinutes(2);

    private const string Super = "super:secret";

    // Reads without a quorum are for clients that ask for them; sweeps come often, so that no test waits for one.
    private static readonly (string Name, string Value)[] Settings =
        [("readonlymode.enabled", "true"), ("znode.container.checkIntervalMs", "200"), ("4lw.commands.whitelist", "*")];

    // One more than run from the beginning: a scenario may let a node in.
    private static readonly int FirstPort = FreePorts.Find(Nodes + 1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-");
    private readonly HashSet<int> _killed = [];

    public InteropCluster()
    {
        Launcher = Environment.GetEnvironmentVariable("COORD_LAUNCHER") is { Length: > 0 } other
            ? Path.GetFullPath(other, Root)
            : Path.Combine(Root, "deploy", "local-cluster.sh");
        var isStarted = false;
        try
        {
            Assert.Contains("hosts=", Launch("start", $"{Nodes}", $"{FirstPort}"), StringComparison.Ordinal);
            isStarted = true;
        }
        finally
        {
            // A fixture whose construction fails is never disposed of.
            if (!isStarted)
                Dispose();
        }
    }

    public static int Nodes => 3;

    public static string Hosts { get; } =
        string.Join(',', Ports.Select(port => $"127.0.0.1:{port}"));

    public static IEnumerable<int> Ports => Enumerable.Range(FirstPort, Nodes);

    public static string Root { get; } = FindRoot();

    private string Launcher { get; }

    /// <summary>Where the programs and scripts are that the clients run.</summary>
    public static string Scripts => Path.Combine(Root, "tests", "Interop", "Scripts");

    /// <summary>Only Coord's launcher sets a super user, and starts nodes that wait to be let in.</summary>
    public bool IsCoord => Launcher.EndsWith("local-cluster.sh", StringComparison.Ordinal);

    /// <summary>
    /// Does what a client's scenario asks for: <c>kill PORT</c>, <c>restart PORT</c>, <c>add NODE</c>, which leaves the
    /// node waiting to be let in, or <c>wipe NODE</c>.
    /// </summary>
    public void Obey(string line)
    {
        var words = line.Split(' ');
        if (words is ["add" or "wipe", var node])
        {
            Launch(words[0], node);
            return;
        }

        Assert.True(words is ["kill" or "restart", _], $"no word of a scenario: {line}");
        var port = int.Parse(words[1]);
        lock (_killed)
        {
            if (words[0] == "kill" ? !_killed.Add(port) : !_killed.Remove(port))
                return;
            Launch(words[0], $"{port - FirstPort + 1}");
            if (words[0] == "restart")
                Assert.True(
                    SpinWait.SpinUntil(() => IsServing(port), ServingMax), $"node at {port} does not serve again");
        }
    }

    /// <summary>Starts what a scenario killed and, because it failed, did not start again.</summary>
    public void Heal()
    {
        lock (_killed)
        {
            foreach (var port in _killed.ToArray())
                Obey($"restart {port}");
        }
    }

    public static bool IsClientPort(int port) => port >= FirstPort && port < FirstPort + Nodes;

    public void Dispose()
    {
        Launch("stop");
        _folder.Delete(recursive: true);
    }

    public static bool IsServing(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port) { ReceiveTimeout = 5_000 };
            client.GetStream().Write("srvr"u8);
            using var answer = new StreamReader(client.GetStream());
            return answer.ReadToEnd().Contains("Mode:", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;   // Not listening yet, or closed at once: it is asked again.
        }
    }

    private string Launch(string verb, params string[] arguments)
    {
        // The nodes inherit the launcher's output: a file can stay open with them, a pipe would never end.
        var log = Path.Combine(_folder.FullName, $"{verb}.log");
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true };
        string[] words = ["-c", "exec \"$@\" >\"$0\" 2>&1", log, Launcher, verb, _folder.FullName, .. arguments];
        foreach (var word in words)
            start.ArgumentList.Add(word);

        // With it, add would let the node in by itself.
        start.Environment["COORD_SUPER"] = verb == "start" ? Super : "";
        foreach (var (name, value) in Settings)
            start.Environment[$"COORD__zookeeper__{name}"] = value;
        start.Environment["ZK_JAVA_OPTS"] = string.Join(' ', Settings.Select(set => $"-D{set.Name}={set.Value}"));
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var output = File.ReadAllText(log);
        Assert.True(process.ExitCode == 0, $"{Launcher} {verb} ended with code {process.ExitCode}: {output}");
        return output;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Coord.sln above {AppContext.BaseDirectory}.");
    }
}
