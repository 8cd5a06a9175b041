using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Runs;

/// <summary>
/// A whole run: a cluster, clients, faults, healing, final reads, and the check. Faults always heal in the end; final
/// reads that do not succeed then fail the run like a wrong result does.
/// </summary>
internal sealed class JepsenRun(RunOptions options, Action<string> tell)
{
    private static readonly TimeSpan FinalPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private readonly Recorder recorder = new();
    private readonly List<SessionClient> sessions = [];

    public async Task<RunResult> ExecuteAsync()
    {
        tell($"seed {options.Seed}, launcher {options.LauncherPath}");
        await using var cluster = await LocalCluster.StartAsync(
            options.CreateLauncher(), behindProxies: options.HurtsNetwork);
        tell($"cluster serves at {cluster.Hosts}, data in {cluster.Directory}");
        cluster.KeepsDirectory = options.KeepsData;
        var nemesis = new Nemesis(cluster, options.Seed, line => tell($"{Seconds(recorder.Now),6:F1} s  {line}"));
        var leaders = new LeaderWatch(cluster);
        var failure = await LoadAndReadAsync(cluster, nemesis, leaders);
        sessions.ForEach(session => session.Dispose());

        var history = recorder.History();
        tell($"checking {history.Count} operations");
        return new RunResult(options, history, nemesis.Done, leaders.Changes, sessions.Sum(s => s.Expirations),
            LongestGap(history), HistoryChecker.Check(history), failure);
    }

    /// <summary>Null, or why the run did not come to its end; what was recorded is checked all the same.</summary>
    private async Task<string?> LoadAndReadAsync(LocalCluster cluster, Nemesis nemesis, LeaderWatch leaders)
    {
        try
        {
            await CreateKeysAsync(cluster);
            await LoadAsync(cluster, nemesis, leaders);
            await FinalReadsAsync(cluster);
            return null;
        }
        catch (Exception error) when (error is NotServingException or LauncherException
            or ConnectionLostException or ProtocolViolationException or OperationCanceledException)
        {
            var outputs = error is NotServingException ? "" : "\n" + cluster.Outputs();
            return $"{error.GetType().Name}: {error.Message}{outputs}";
        }
    }

    private async Task CreateKeysAsync(LocalCluster cluster)
    {
        using var session = new SessionClient(cluster.Nodes, firstNode: 1, FinalPatience);
        using var timer = new CancellationTokenSource(FinalPatience);
        await session.ConnectAsync(timer.Token);
        foreach (var path in WorkloadClient.Keys.Prepend("/jepsen"))
        {
            var reply = await session.CreateAsync(path, Wire.Datum(amount: 0, tag: 0));
            if (reply.Error != 0)
                throw new InvalidOperationException($"create {path}: error {reply.Error}");
        }

        await session.CloseAsync();
    }

    private async Task LoadAsync(LocalCluster cluster, Nemesis nemesis, LeaderWatch leaders)
    {
        using var stopFaults = new CancellationTokenSource(options.Duration);
        using var stopClients = new CancellationTokenSource();
        var work = Clients(cluster).Select(run => Task.Run(() => run(stopClients.Token))).ToArray();
        var watch = leaders.RunAsync(stopClients.Token);
        var progress = ProgressAsync(stopClients.Token);
        try
        {
            if (options.Faults)
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

    private IEnumerable<Func<CancellationToken, Task>> Clients(LocalCluster cluster)
    {
        var seed = unchecked(options.Seed * 1009);
        for (var i = 0; i < options.Clients && options.Workload != Workload.Lock; i++)
            yield return new WorkloadClient(options, NewSession(cluster, i), recorder, seed++).RunAsync;

        for (var i = 0; i < options.LockClients && options.Workload is Workload.Lock or Workload.All; i++)
            yield return new LockClient(() => NewLockSession(cluster), recorder, seed++).RunAsync;

        for (var i = 0; i < options.WatchClients && options.Workload is Workload.Watch or Workload.All; i++)
            yield return new WatchClient(NewSession(cluster, i), recorder, seed++).RunAsync;
    }

    private SessionClient NewSession(LocalCluster cluster, int number)
    {
        var session = new SessionClient(cluster.Nodes, (number % cluster.Nodes.Count) + 1, options.ReplyTimeout);
        sessions.Add(session);
        return session;
    }

    private SessionClient NewLockSession(LocalCluster cluster) => new(cluster.Nodes,
        Random.Shared.Next(cluster.Nodes.Count) + 1, options.ReplyTimeout, LockClient.SessionTimeoutMs);

    /// <summary>Each node answers for each key; recorded and checked like everything else.</summary>
    private async Task FinalReadsAsync(LocalCluster cluster)
    {
        using var timer = new CancellationTokenSource(FinalPatience);
        for (var node = 1; node <= cluster.Nodes.Count; node++)
        {
            var session = new SessionClient([cluster.Nodes[node - 1]], firstNode: 1, FinalPatience);
            sessions.Add(session);
            await session.ConnectAsync(timer.Token);
            var reader = new WorkloadClient(options, session, recorder, seed: 0);
            foreach (var key in WorkloadClient.Keys)
                await reader.ReadAsync(key);
            for (var i = 0; i < LockClient.Locks; i++)
                await ReadUntilFreeAsync(reader, LockClient.Lock(i), timer.Token);
        }
    }

    /// <summary>Every session that took locks has ended by now, or does so within its timeout.</summary>
    private static async Task ReadUntilFreeAsync(WorkloadClient reader, string key, CancellationToken cancel)
    {
        while ((await reader.ReadAsync(key)).Error != Operation.NoNode)
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancel);
    }

    private async Task ProgressAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(ProgressInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            tell($"{Seconds(recorder.Now),6:F1} s  {recorder.Count} operations");
        }
    }

    /// <summary>The longest time in which no set of any client was acknowledged.</summary>
    private static TimeSpan LongestGap(List<Operation> history)
    {
        var times = history.Where(o => o.Succeeded && o.Kind is OperationKind.Set or OperationKind.CompareAndSet)
            .Select(o => o.Completed).Order().ToArray();
        var longest = times.Zip(times.Skip(1), (a, b) => b - a).DefaultIfEmpty().Max();
        return TimeSpan.FromMicroseconds(longest / 1000.0);
    }

    private static double Seconds(long nanoseconds) => nanoseconds / 1e9;
}
