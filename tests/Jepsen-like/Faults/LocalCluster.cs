using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Networks;

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
    private const int FirstPortInNamespaces = 2181;

    private readonly Launcher launcher;
    private readonly PosixSignalRegistration[] signals;
    private bool disposed;

    private LocalCluster(
        Launcher launcher, string directory, IReadOnlyList<IPEndPoint> nodes, NamespaceNetwork? namespaces)
    {
        this.launcher = namespaces is null ? launcher : launcher.With(namespaces.Settings);
        Namespaces = namespaces;
        Packets = namespaces is null ? null : new PacketFilter(namespaces);
        Clients = new ClientSide(nodes, namespaces, hasProxies: false);
        Directory = directory;
        Nodes = nodes;
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

    /// <summary>Where the nodes live, unless that is loopback.</summary>
    public NamespaceNetwork? Namespaces { get; }

    /// <summary>What is dropped between the nodes, when they live in namespaces.</summary>
    public PacketFilter? Packets { get; }

    /// <summary>Where clients find the nodes.</summary>
    public ClientSide Clients { get; private set; }

    public static async Task<LocalCluster> StartAsync(
        Launcher launcher, int nodes = 3, ClusterNeeds needs = ClusterNeeds.None)
    {
        var namespaces = needs.HasFlag(ClusterNeeds.Namespaces) ? await NamespaceNetwork.MakeAsync(nodes) : null;
        var directory = System.IO.Directory.CreateTempSubdirectory("coord-jepsen-").FullName;
        var cluster = new LocalCluster(launcher, directory, Addresses(nodes, namespaces), namespaces);
        try
        {
            await cluster.LaunchAsync();
            await cluster.WaitUntilServingAsync();
            if (needs.HasFlag(ClusterNeeds.ClientProxies))
                cluster.Clients = new ClientSide(cluster.Nodes, namespaces, hasProxies: true);
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
            Clients.Dispose();
            Namespaces?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Node N is at N-1. In a namespace every port is free.</summary>
    private static IPEndPoint[] Addresses(int nodes, NamespaceNetwork? namespaces)
    {
        var first = namespaces is null ? FreePorts.Find(nodes) : FirstPortInNamespaces;
        return
        [
            .. from node in Enumerable.Range(1, nodes)
               let address = namespaces?.AddressOf(Place.Node(node)) ?? IPAddress.Loopback
               select new IPEndPoint(address, first + node - 1),
        ];
    }

    private async Task LaunchAsync()
    {
        var count = Nodes.Count.ToString(CultureInfo.InvariantCulture);
        var port = Nodes[0].Port.ToString(CultureInfo.InvariantCulture);
        var answer = await launcher.RunAsync("start", Directory, count, port);
        if (Namespaces is not null && !answer.Contains(Hosts, StringComparison.Ordinal))
            throw new LauncherException($"{launcher.Path} heeds no {NamespaceNetwork.Variable}: {answer.Trim()}");
    }

    /// <summary>Starts the nodes again, one by one, with a proxy for every link.</summary>
    private async Task MoveBehindProxiesAsync()
    {
        Network = new PeerNetwork(
            [.. Nodes.Select(node => new IPEndPoint(node.Address, node.Port + 100))],
            node => Namespaces is null
                ? ClientView.OwnSocket() : NamespaceSockets.Open(Namespaces.NamespaceOf(Place.Node(node))));
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
