using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Coord.JepsenLike.Faults.Disks;
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

    // More than one fault adds to the cluster while it runs.
    private const int GuestsMax = 2;

    private static readonly Dictionary<string, string> None = [];

    private readonly Launcher launcher;
    private readonly ConcurrentDictionary<int, NodeProcess> processes = [];
    private readonly ConcurrentDictionary<int, string> builds = [];
    private readonly Dictionary<string, string> common = [];
    private readonly List<string> preloads = [];
    private readonly PosixSignalRegistration[] signals;
    private readonly Lock ending = new();
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

    /// <summary>Whether its nodes promise to end by themselves when a disk refuses what they have to store.</summary>
    public bool NodesEndWhenRefused => launcher.NodesEndWhenRefused;

    /// <summary>The links between the nodes, when the cluster was started behind proxies.</summary>
    public PeerNetwork? Network { get; private set; }

    /// <summary>Where the nodes live, unless that is loopback.</summary>
    public NamespaceNetwork? Namespaces { get; }

    /// <summary>What is dropped between the nodes, when they live in namespaces.</summary>
    public PacketFilter? Packets { get; }

    /// <summary>Where clients find the nodes.</summary>
    public ClientSide Clients { get; private set; }

    /// <summary>The nodes' disks, when the cluster was started with the shim.</summary>
    public DiskShim? Disks { get; private set; }

    /// <summary>Each node's clock, when the cluster was started with clocks that can be moved; else empty.</summary>
    public IReadOnlyList<NodeClock> Clocks { get; private set; } = [];

    /// <summary>The Coord.Node.dll of another build, which all nodes run first; null without one.</summary>
    public string? OtherBuild { get; private init; }

    /// <summary>The highest feature level that the other build knows.</summary>
    public int OtherFeatureLevelMax { get; private set; }

    /// <param name="launcher">Starts and hurts the nodes.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="needs">What faults will ask of the cluster.</param>
    /// <param name="otherBuild">The Coord.Node.dll that the nodes run first, when it is not the launcher's.</param>
    public static async Task<LocalCluster> StartAsync(
        Launcher launcher, int nodes = 3, ClusterNeeds needs = ClusterNeeds.None, string? otherBuild = null)
    {
        var namespaces = needs.HasFlag(ClusterNeeds.Namespaces) ? await NamespaceNetwork.MakeAsync(nodes) : null;
        var directory = System.IO.Directory.CreateTempSubdirectory("coord-jepsen-").FullName;
        var cluster = new LocalCluster(launcher, directory, Addresses(nodes, namespaces), namespaces)
        {
            OtherBuild = otherBuild,
        };
        try
        {
            await cluster.LaunchAsync(needs);
            await cluster.EquipAsync(needs);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync(int node) => ProcessOf(node).KillAsync();

    /// <summary>SIGTERM.</summary>
    public Task EndAsync(int node) => ProcessOf(node).EndAsync();

    /// <summary>SIGTERM to a node that is no member any more.</summary>
    public Task EndRemovedAsync(int node) => ProcessOf(node).EndAsync(mayBeGone: true);

    /// <summary>Starts a node that was killed or ended, with the build that was chosen for it.</summary>
    public async Task RestartAsync(int node)
    {
        await ProcessOf(node).RestartAsync();
        if (ClockOf(node) is { } clock)
            clock.Started(PidOf(node));
    }

    /// <summary>SIGKILL of these nodes at one moment, as far as signals can.</summary>
    public Task KillAtOnceAsync(int[] nodes) =>
        NodeProcess.KillAtOnceAsync([.. nodes.Order().Select(ProcessOf)], Directory);

    /// <summary>From now on the node may end by itself, until it is started again if it has.</summary>
    public Task LetEndAsync(int node) => ProcessOf(node).LetEndAsync();

    public Task StartIfEndedAsync(int node) => ProcessOf(node).StartIfEndedAsync();

    /// <summary>Ends the node, if it runs, and starts it again; false while a fault keeps it down.</summary>
    public Task<bool> StartAnewAsync(int node) => ProcessOf(node).StartAnewAsync();

    /// <summary>Takes away what keeps a node from starting that has ended; says what that was, if anything.</summary>
    public async Task<string> MendAsync(int node) =>
        (await launcher.RunAsync("mend", Directory, Number(node))).Trim().ReplaceLineEndings(", ");

    public bool IsRunning(int node) => SystemProcess.IsRunning(PidOf(node), Directory);

    public Task PauseAsync(int node) => ProcessOf(node).PauseAsync();

    public Task ResumeAsync(int node) => ProcessOf(node).ResumeAsync();

    /// <summary>Empties the disk of a node that was killed or ended.</summary>
    public async Task WipeAsync(int node)
    {
        await ProcessOf(node).WipeAsync();
        Disks?.Forget(node);
    }

    public int PidOf(int node) => ProcessOf(node).Pid;

    /// <summary>Whether the node's next start is of the other build.</summary>
    public bool RunsOtherBuild(int node) => builds.ContainsKey(node);

    /// <summary>Chooses the build of the node's next start.</summary>
    public void ChooseBuild(int node, bool other)
    {
        if (other)
            builds[node] = OtherBuild ?? throw new InvalidOperationException("the cluster has no other build");
        else
            builds.TryRemove(node, out _);
    }

    /// <summary>
    /// Starts a node that the cluster had not when it began; the launcher lets it in, if it can at the moment.
    /// </summary>
    public async Task AddGuestAsync(int guest)
    {
        try
        {
            await launcher.RunAsync(SettingsOf(guest), "add", Directory, Number(guest));
        }
        catch (LauncherException) when (ProcessOf(guest).IsRunning)
        {
            // It waits to be let in.
        }
    }

    /// <summary>Tells clients that a node has become a member, or is one again.</summary>
    public void TellOfMember(int node) => Clients.Join(node, new IPEndPoint(
        Namespaces?.AddressOf(Place.Node(node)) ?? IPAddress.Loopback, Nodes[0].Port + node - 1));

    /// <summary>Ends a guest that is no member any more, and removes all that it has but what it printed.</summary>
    public async Task RemoveGuestAsync(int guest)
    {
        await EndRemovedAsync(guest);
        await File.AppendAllLinesAsync(EarlierOutputFileOf(guest), File.ReadLines(OutputFileOf(guest)));
        System.IO.Directory.Delete(Path.Combine(Directory, Number(guest)), recursive: true);
        if (processes.TryRemove(guest, out var process))
            process.Dispose();
    }

    public string DataOf(int node) => Path.Combine(Directory, Number(node), "data");

    /// <summary>What a node prints goes there.</summary>
    public string OutputFileOf(int node) => Path.Combine(Directory, Number(node), "out");

    /// <summary>The end of every node's output, for a failure that is told in a few words.</summary>
    public string Outputs() => string.Concat(Logs(OutputLinesShown).Where(log => log.Lines.Count > 0)
        .Select(log => $"node {log.Node}:\n" + string.Concat(log.Lines.Select(line => line + "\n"))));

    /// <summary>The end of every node's output, node 1 first; of guests too, also of those that have left.</summary>
    public IReadOnlyList<NodeLog> Logs(int linesMax) =>
    [
        .. Enumerable.Range(1, Nodes.Count + GuestsMax).Select(node => new NodeLog(node, OutputOf(node, linesMax)))
            .Where(log => log.Node <= Nodes.Count || log.Lines.Count > 0),
    ];

    /// <summary>Each node's mode, null where a node does not serve.</summary>
    public Task<string?[]> ModesAsync() => Task.WhenAll(Nodes.Select(launcher.AskModeAsync));

    public async Task<bool> ServesAsync(int node) => await launcher.AskModeAsync(Nodes[node - 1]) is not null;

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

    /// <summary>Waits until this node serves, whatever the others do.</summary>
    public async Task WaitUntilServingAsync(int node)
    {
        var clock = Stopwatch.StartNew();
        while (!await ServesAsync(node))
        {
            if (clock.Elapsed > ServingPatience)
                throw new NotServingException($"node {node} does not serve\n{Outputs()}");
            await Task.Delay(PollInterval);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            // A signal that comes meanwhile must still wait until all is gone.
            End();
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            foreach (var signal in signals)
                signal.Dispose();
            Network?.Dispose();
            foreach (var process in processes.Values)
                process.Dispose();
            Clients.Dispose();
            Namespaces?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Node N is at N-1. In a namespace every port is free.</summary>
    private static IPEndPoint[] Addresses(int nodes, NamespaceNetwork? namespaces)
    {
        var first = namespaces is null ? FreePorts.Find(nodes + GuestsMax) : FirstPortInNamespaces;
        return
        [
            .. from node in Enumerable.Range(1, nodes)
               let address = namespaces?.AddressOf(Place.Node(node)) ?? IPAddress.Loopback
               select new IPEndPoint(address, first + node - 1),
        ];
    }

    private async Task LaunchAsync(ClusterNeeds needs)
    {
        if (needs.HasFlag(ClusterNeeds.SmallFiles))
            AddSettings(Launcher.SmallFiles.Where(one => !launcher.Settings.ContainsKey(one.Key)));
        if (needs.HasFlag(ClusterNeeds.DiskShim))
        {
            Disks = await DiskShim.BuildAsync(Directory, Nodes.Count);
            AddSettings(Disks.Settings);
        }

        if (needs.HasFlag(ClusterNeeds.SuperUser))
            common[AdminPort.SuperVariable] = AdminPort.Super;
        for (var node = 1; node <= Nodes.Count && OtherBuild is not null; node++)
            ChooseBuild(node, other: true);
        var answer = await launcher.RunAsync(
            SettingsOf(node: 1), "start", Directory, Number(Nodes.Count), Number(Nodes[0].Port));
        if (Namespaces is not null && !answer.Contains(Hosts, StringComparison.Ordinal))
            throw new LauncherException($"{launcher.Path} heeds no {NamespaceNetwork.Variable}: {answer.Trim()}");
        await WaitUntilServingAsync();
        for (var node = 1; node <= Nodes.Count; node++)
            Disks?.RequireLoaded(node, PidOf(node));
        if (OtherBuild is not null && await AdminPort.RaftAsync(AdminNodes[0], CancellationToken.None) is { } view)
            OtherFeatureLevelMax = view.FeatureLevelMax;
    }

    private void AddSettings(IEnumerable<KeyValuePair<string, string>> more)
    {
        foreach (var (name, value) in more)
            common[name] = value;
    }

    /// <summary>What each node gets for itself needs a start of its own: the start of all cannot give it.</summary>
    private async Task EquipAsync(ClusterNeeds needs)
    {
        if (needs.HasFlag(ClusterNeeds.ClientProxies))
            Clients = new ClientSide(Nodes, Namespaces, hasProxies: true);
        if (needs.HasFlag(ClusterNeeds.Proxies))
            PutProxiesBetween();
        if (needs.HasFlag(ClusterNeeds.Clocks))
            GiveClocks();
        for (var node = 1; node <= Nodes.Count && (Network is not null || Clocks.Count > 0); node++)
        {
            await KillAsync(node);
            await RestartAsync(node);
            await WaitUntilServingAsync();
        }
    }

    private void PutProxiesBetween()
    {
        preloads.Add(Redirect.Build(Directory));
        Network = new PeerNetwork(
            [.. Nodes.Select(node => new IPEndPoint(node.Address, node.Port + 100))],
            node => Namespaces is null
                ? ClientView.OwnSocket() : NamespaceSockets.Open(Namespaces.NamespaceOf(Place.Node(node))));
    }

    private void GiveClocks()
    {
        if (NodeClock.WhyNot() is { } noClocks)
            throw new LauncherException(noClocks);
        preloads.Add(NodeClock.Library);
        Clocks = [.. Nodes.Select((_, i) => new NodeClock(Directory, i + 1))];
    }

    /// <summary>What a guest printed before it left: its directory goes, for it comes again as a new node.</summary>
    private string EarlierOutputFileOf(int guest) => Path.Combine(Directory, $"{Number(guest)}.out");

    private string[] OutputOf(int node, int linesMax)
    {
        string[] paths = [EarlierOutputFileOf(node), OutputFileOf(node)];
        return [.. paths.Where(File.Exists).SelectMany(File.ReadLines).TakeLast(linesMax)];
    }

    private NodeProcess ProcessOf(int node) => processes.GetOrAdd(
        node, number => new NodeProcess(launcher, Directory, number, () => SettingsOf(number)));

    private NodeClock? ClockOf(int node) => node <= Clocks.Count ? Clocks[node - 1] : null;

    private Dictionary<string, string> SettingsOf(int node)
    {
        var settings = new Dictionary<string, string>(common);
        if (builds.TryGetValue(node, out var build))
            settings["COORD_NODE_DLL"] = build;
        if (Network is not null && node <= Nodes.Count)
            settings[Redirect.Variable] = Network.SettingOf(node);
        foreach (var (name, value) in ClockOf(node)?.Settings() ?? None)
            settings[name] = value;
        if (preloads.Count > 0)
            settings["COORD_NODE_PRELOAD"] = string.Join(':', preloads);
        return settings;
    }

    private static bool IsLeading(string? mode) => mode is "leader" or "standalone";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void OnProcessExit(object? sender, EventArgs e) => End();

    /// <summary>
    /// Ends every process of this cluster and removes its directory. A launcher that is just starting a node is one of
    /// them, so it goes on until none is left.
    /// </summary>
    private void End()
    {
        lock (ending)
        {
            while (OwnProcesses() is { Count: > 0 } own)
            {
                // SIGKILL ends a stopped process too.
                using var kill = Process.Start("kill", ["-9", .. own.Select(Number)]);
                kill.WaitForExit();

                // Until its last thread has ended a process makes files in a directory that is being removed.
                while (own.Exists(process => SystemProcess.IsRunning(process, Directory)))
                    Thread.Sleep(PollInterval);
            }

            foreach (var clock in Clocks)
                clock.Forget();
            if (!KeepsDirectory && System.IO.Directory.Exists(Directory))
                System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    /// <summary>Process ids whose command line names our directory; nobody else's does.</summary>
    private List<int> OwnProcesses() => [.. System.IO.Directory.GetDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), out var process) ? process : 0)
        .Where(process => process > 0 && process != Environment.ProcessId && IsOurs(process))];

    private bool IsOurs(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(Directory, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended while we looked.
            return false;
        }
    }
}
