using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// A cluster of real processes in a temporary directory. Disposing it, or the end of this process, by a signal too,
/// ends them by their process ids and removes the directory.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private static readonly TimeSpan ServingPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private const int OutputLinesShown = 20;

    private readonly Launcher launcher;
    private readonly PosixSignalRegistration[] signals;
    private bool disposed;

    private LocalCluster(Launcher launcher, string directory, int nodes, int firstPort)
    {
        this.launcher = launcher;
        Directory = directory;
        Nodes = [.. Enumerable.Range(firstPort, nodes).Select(port => new IPEndPoint(IPAddress.Loopback, port))];
        AdminNodes = [.. Nodes.Select(node => new IPEndPoint(node.Address, node.Port + 200))];
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        signals = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, _ => End()))];
    }

    public string Directory { get; }

    /// <summary>Set to look at the nodes' data and output after the end.</summary>
    public bool KeepsDirectory { get; set; }

    /// <summary>Client ports; node N is at N-1.</summary>
    public IReadOnlyList<IPEndPoint> Nodes { get; }

    public IReadOnlyList<IPEndPoint> AdminNodes { get; }

    public string Hosts => string.Join(',', Nodes);

    /// <summary>The links between the nodes, when the cluster was started behind proxies.</summary>
    public PeerNetwork? Network { get; private set; }

    public static async Task<LocalCluster> StartAsync(
        Launcher launcher, int nodes = 3, ClusterNeeds needs = ClusterNeeds.None)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("coord-jepsen-").FullName;
        var cluster = new LocalCluster(launcher, directory, nodes, FreePorts.Find(nodes));
        try
        {
            var port = cluster.Nodes[0].Port.ToString(CultureInfo.InvariantCulture);
            await launcher.RunAsync("start", directory, nodes.ToString(CultureInfo.InvariantCulture), port);
            await cluster.WaitUntilServingAsync();
            if (needs.HasFlag(ClusterNeeds.Proxies))
                await cluster.MoveBehindProxiesAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task KillAsync(int node) => HurtAsync("kill", node);

    public Task RestartAsync(int node)
    {
        var links = Network?.SettingsOf(node) ?? new Dictionary<string, string>();
        return launcher.RunAsync(links, "restart", Directory, node.ToString(CultureInfo.InvariantCulture));
    }

    public Task PauseAsync(int node) => HurtAsync("pause", node);

    public Task ResumeAsync(int node) => HurtAsync("resume", node);

    public int PidOf(int node) => int.Parse(File.ReadAllText(PidFile(node)));

    /// <summary>The end of every node's output, for a report.</summary>
    public string Outputs() => string.Concat(Enumerable.Range(1, Nodes.Count).Select(node =>
    {
        var path = Path.Combine(Directory, node.ToString(CultureInfo.InvariantCulture), "out");
        var lines = File.Exists(path) ? File.ReadLines(path).TakeLast(OutputLinesShown) : [];
        return string.Concat(lines.Prepend($"node {node}:").Select(line => line + "\n"));
    }));

    /// <summary>Each node's mode, null where a node does not serve.</summary>
    public Task<string?[]> ModesAsync() => Task.WhenAll(Nodes.Select(FourLetterWord.ModeAsync));

    /// <summary>The number of the node that says it leads, or null.</summary>
    public async Task<int?> LeaderAsync()
    {
        var at = Array.IndexOf(await ModesAsync(), "leader");
        return at < 0 ? null : at + 1;
    }

    /// <summary>Waits until every node serves and exactly one says that it leads; gives that one's number.</summary>
    public async Task<int> WaitUntilServingAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var modes = await ModesAsync();
            if (modes.All(mode => mode is not null) && modes.Count(IsLeading) == 1)
                return Array.FindIndex(modes, IsLeading) + 1;

            if (clock.Elapsed > ServingPatience)
                throw new NotServingException("the cluster does not serve: modes are " +
                    string.Join(", ", modes.Select(m => m ?? "none")) + "\n" + Outputs());
            await Task.Delay(PollInterval);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            foreach (var signal in signals)
                signal.Dispose();
            End();
            Network?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Starts the nodes again, one by one, with a proxy for every link.</summary>
    private async Task MoveBehindProxiesAsync()
    {
        Network = new PeerNetwork([.. Nodes.Select(node => new IPEndPoint(node.Address, node.Port + 100))]);
        for (var node = 1; node <= Nodes.Count; node++)
        {
            await KillAsync(node);
            await RestartAsync(node);
            await WaitUntilServingAsync();
        }
    }

    private static bool IsLeading(string? mode) => mode is "leader" or "standalone";

    private Task<string> HurtAsync(string verb, int node) =>
        launcher.RunAsync(verb, Directory, node.ToString(CultureInfo.InvariantCulture));

    private string PidFile(int node) =>
        Path.Combine(Directory, node.ToString(CultureInfo.InvariantCulture), "pid");

    private void OnProcessExit(object? sender, EventArgs e) => End();

    /// <summary>
    /// Ends every process of this cluster and removes its directory. A launcher that is just starting a node is one of
    /// them, so it goes on until none is left.
    /// </summary>
    private void End()
    {
        while (OwnProcesses() is { Count: > 0 } own)
        {
            // SIGKILL ends a stopped process too.
            using var kill = Process.Start("kill", ["-9", .. own]);
            kill.WaitForExit();
        }

        if (!KeepsDirectory && System.IO.Directory.Exists(Directory))
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Process ids whose command line names our directory; nobody else's does.</summary>
    private List<string> OwnProcesses() => [.. System.IO.Directory.GetDirectories("/proc")
        .Select(path => Path.GetFileName(path))
        .Where(name => int.TryParse(name, out var pid) && pid != Environment.ProcessId && IsOurs(name))];

    private bool IsOurs(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(Directory, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended while we looked.
            return false;
        }
    }
}
