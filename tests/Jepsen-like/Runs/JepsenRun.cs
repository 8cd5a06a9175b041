using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Faults.Disks;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Runs;

/// <summary>
/// A whole run: a cluster, clients, faults, healing, final reads, and the check. Faults always heal in the end; final
/// reads that do not succeed then fail the run like a wrong result does.
/// </summary>
internal sealed class JepsenRun(RunOptions options, Action<string> tell)
{
    private static readonly TimeSpan FinalPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    // Of each node, for the report: a node that is killed all the time prints a few lines at each start.
    private const int LogLinesKept = 1_000;

    private readonly RunClock clock = new();
    private readonly List<(WorkloadKind Kind, WorkloadContext Context, ILoad Load)> workloads = [];

    public async Task<RunResult> ExecuteAsync()
    {
        tell($"seed {options.Seed}, launcher {options.LauncherPath}");
        var network = NetworkChoice.Of(options.Network, options.LauncherPath);
        tell($"{(network.IsNamespaces ? "namespaces" : "loopback")}: {network.Reason}");
        var (otherBuild, lacking) = await PrepareNodesAsync(options.Target.Lacking(network));
        var choice = FaultChoice.Of(options.Nemeses, options.Nodes, lacking);
        choice.Notes.ToList().ForEach(tell);
        var planted = AcknowledgesEarly ? ClusterNeeds.DiskShim : ClusterNeeds.None;
        await using var cluster = await LocalCluster.StartAsync(
            options.CreateLauncher(), options.Nodes, choice.Needs | network.Needs | planted, otherBuild);
        tell($"cluster serves at {cluster.Hosts}, data in {cluster.Directory}");
        cluster.KeepsDirectory = options.KeepsData;
        if (AcknowledgesEarly)
            cluster.Disks?.LieEverywhere();
        var nemesis = new Nemesis(cluster, choice.Faults, options.AtOnce, clock, options.Seed, Tell);
        var leaders = new LeaderWatch(cluster);
        MakeWorkloads(cluster);
        var failure = await LoadAndReadAsync(cluster, nemesis, leaders);
        var expired = workloads.Sum(workload => workload.Context.SessionsExpired);
        workloads.ForEach(workload => workload.Context.EndSessions());

        tell($"checking {Recorded} operations");
        var results = workloads.ConvertAll(workload => Check(workload.Kind, workload.Context.Recorder.History()));
        return new RunResult(
            options, results, nemesis.Done, leaders.Changes, expired, LongestGap(results), failure)
        {
            NodeLogs = cluster.Logs(LogLinesKept),
        };
    }

    /// <summary>Gives the build to upgrade from, if one is needed, and what faults cannot have, and why.</summary>
    private async Task<(string? OtherBuild, IReadOnlyDictionary<ClusterNeeds, string> Lacking)> PrepareNodesAsync(
        IReadOnlyDictionary<ClusterNeeds, string> lackingNetwork)
    {
        var lacking = new Dictionary<ClusterNeeds, string>(lackingNetwork);
        if (NodeClock.WhyNot() is { } noClocks)
            lacking[ClusterNeeds.Clocks] = noClocks;
        if (Redirect.WhyNot() is { } noProxies)
            lacking[ClusterNeeds.Proxies] = noProxies;
        if (DiskShim.WhyNot() is { } noDisks)
            lacking[ClusterNeeds.DiskShim] = noDisks;
        if (FaultCatalog.Of(options.Nemeses).All(fault => !fault.Needs.HasFlag(ClusterNeeds.OtherBuild)))
            return (null, lacking);

        try
        {
            return (options.OtherBuild ?? await OtherBuild.FindAsync(tell), lacking);
        }
        catch (LauncherException error)
        {
            lacking[ClusterNeeds.OtherBuild] = error.Message;
            return (null, lacking);
        }
    }

    private bool AcknowledgesEarly => options.Planted.Contains(PlantedFaults.EarlyAck);

    private int Recorded => workloads.Sum(workload => workload.Context.Recorder.Count);

    private void MakeWorkloads(LocalCluster cluster)
    {
        foreach (var name in options.Workloads)
        {
            var kind = WorkloadCatalog.Find(name) ?? throw new ArgumentException($"there is no workload {name}");
            var seed = unchecked((options.Seed * 31) + workloads.Count);
            var context = new WorkloadContext(
                options, cluster, $"{WorkloadContext.Roots}/{name}", new Recorder(clock), seed);
            workloads.Add((kind, context, options.Target.LoadOf(kind, context)));
        }
    }

    private WorkloadResult Check(WorkloadKind kind, List<Operation> history) =>
        new(kind, history, options.Target.Check(kind, history));

    /// <summary>Null, or why the run did not come to its end; what was recorded is checked all the same.</summary>
    private async Task<string?> LoadAndReadAsync(LocalCluster cluster, Nemesis nemesis, LeaderWatch leaders)
    {
        try
        {
            await PrepareAsync();
            await LoadAsync(cluster, nemesis, leaders);
            await FinishAsync(cluster);
            return null;
        }
        catch (Exception error) when (error is NotServingException or LauncherException or NotStoppedException
            or NetworkException or ConnectionLostException or ProtocolViolationException or OperationCanceledException)
        {
            var outputs = error is NotServingException ? "" : "\n" + cluster.Outputs();
            return $"{error.GetType().Name}: {error.Message}{outputs}";
        }
    }

    private async Task PrepareAsync()
    {
        using var timer = new CancellationTokenSource(FinalPatience);
        foreach (var (_, _, load) in workloads)
            await load.PrepareAsync(timer.Token);
    }

    private async Task LoadAsync(LocalCluster cluster, Nemesis nemesis, LeaderWatch leaders)
    {
        using var stopFaults = new CancellationTokenSource(options.Duration);
        using var stopClients = new CancellationTokenSource();
        var work = workloads.SelectMany(workload => workload.Load.Clients())
            .Select(run => Task.Run(() => run(stopClients.Token))).ToArray();
        var watch = leaders.RunAsync(stopClients.Token);
        var progress = ProgressAsync(stopClients.Token);
        try
        {
            if (options.Nemeses.Count > 0)
                await nemesis.RunAsync(stopFaults.Token);
            else
                await Task.Delay(options.Duration);
            await cluster.WaitUntilServingAsync();
        }
        finally
        {
            await stopClients.CancelAsync();
            await Task.WhenAll([.. work, watch, progress]);
        }
    }

    /// <summary>Each node answers final reads; recorded and checked like everything else.</summary>
    private async Task FinishAsync(LocalCluster cluster)
    {
        using var timer = new CancellationTokenSource(FinalPatience * workloads.Count);
        foreach (var (_, _, load) in workloads)
        {
            for (var node = 1; node <= cluster.Nodes.Count; node++)
                await load.FinishAsync(node, timer.Token);
        }
    }

    private async Task ProgressAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(ProgressInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Tell($"{Recorded} operations");
        }
    }

    /// <summary>The longest time in which no write of any client was acknowledged.</summary>
    private static TimeSpan LongestGap(List<WorkloadResult> results)
    {
        var times = results.SelectMany(result => result.History)
            .Where(o => o.Succeeded && o.IsWrite)
            .Select(o => o.Completed).Order().ToArray();
        var longest = times.Zip(times.Skip(1), (a, b) => b - a).DefaultIfEmpty().Max();
        return TimeSpan.FromMicroseconds(longest / 1000.0);
    }

    private void Tell(string line) => tell($"{clock.Now / 1e9,6:F1} s  {line}");
}
