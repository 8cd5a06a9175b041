using Coord.Node;
using Coord.Raft;
using Coord.Simulation.Checks;
using Coord.Simulation.Clients;
using Coord.Simulation.Disk;
using Coord.Simulation.Faults;
using Coord.Simulation.Network;
using Coord.Simulation.Nodes;
using Coord.Simulation.Time;

namespace Coord.Simulation.Runs;

/// <summary>
/// One seed: a cluster with clients and faults, then all faults heal and everything must go well again (raft-design
/// T7).
/// </summary>
internal sealed class SimulationRun
{
    private const long HealTime = 12_000_000;
    private const long FinalReadTime = 8_000_000;

    private readonly ulong _seed;
    private readonly EventQueue _events = new();
    private readonly History _history = new();
    private readonly SimulatedWorld _world;
    private readonly SimulatedNode[] _nodes;
    private readonly SimulatedClient[] _clients;
    private readonly Nemesis _nemesis;

    private SimulationRun(ulong seed, int nodes, TextWriter? output)
    {
        _seed = seed;
        var random = new SeededRandom(seed);
        var shape = RunShape.Draw(random.Fork(), nodes);
        _world = new SimulatedWorld
        {
            Events = _events,
            Trace = new Trace(output),
            Shape = shape,
            Checker = new RaftChecker(nodes),
            Sessions = new SessionChecker(_events, _history, shape.ClockDrift),
        };
        _world.Trace.Say(0, shape.ToString());
        var limits = LimitsFor(shape);
        _nodes = Enumerable.Range(1, nodes).Select(id => NewNode(id, random, limits)).ToArray();
        _world.Network = new SimulatedNetwork(_events, shape, random.Fork(), _world.Trace, _nodes);
        _world.Transfers = new SnapshotTransfers(_events, _world.Network, _world.Trace);
        _world.Transfers.Bind(_nodes);
        var members = _nodes.Select(n => SimulatedNode.MemberOf(n.Id, n.Incarnation)).ToArray();
        foreach (var node in _nodes)
        {
            node.Found(members);
            node.Start();
        }

        _clients = Enumerable.Range(1, shape.Clients)
            .Select(id => new SimulatedClient(id, _events, random.Fork(), _world.Trace, _history, _nodes))
            .ToArray();
        _nemesis = new Nemesis(_world, random.Fork(), _nodes, _clients);
    }

    /// <summary>Runs the seed; throws when a promise is broken.</summary>
    public static RunReport Run(ulong seed, int nodes = 3, TextWriter? output = null)
    {
        var run = new SimulationRun(seed, nodes, output);
        try
        {
            return run.Run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new SimulationFailedException(run.Describe(e, nodes), e);
        }
    }

    private RunReport Run()
    {
        CreateRegisters();
        RunUntil(_world.Shape.FaultTime, () => false);
        _nemesis.Heal();
        foreach (var client in _clients)
            client.IsQuiet = true;

        RequireWithin(HealTime, IsSettled, "a leader, equal states and idle clients");
        foreach (var client in _clients)
            AskForEverything(client);

        RequireWithin(FinalReadTime, () => IsSettled() && _clients.All(c => c.IsIdle), "the final reads");
        FinalChecker.Check(_history, _clients, _nodes);
        HistoryChecker.Check(_history);
        return new RunReport(
            _seed,
            _world.Trace.Hash,
            _world.Checker.Elections,
            _nodes.Sum(n => n.Crashes),
            _world.Transfers.Installs,
            _world.Checker.Committed,
            _history.Operations.Count(o => o.IsAnswered),
            _world.Sessions.Expired,
            _events.Processed);
    }

    // The registers that all clients use are made by one of them, as often as it takes.
    private void CreateRegisters()
    {
        for (var key = 0; key < Workload.Keys; key++)
            _clients[0].AskToCreate(Workload.KeyPath(key));
    }

    private void RunUntil(long time, Func<bool> isDone)
    {
        while (!isDone() && _events.RunNext(time))
        {
            // Each event is checked where it happens.
        }
    }

    private void RequireWithin(long time, Func<bool> isDone, string what)
    {
        var nextCheck = 0L;
        var isReached = false;
        RunUntil(_events.Now + time, () =>
        {
            if (_events.Now < nextCheck)
                return false;

            nextCheck = _events.Now + 50_000;
            return isReached = isDone();
        });
        if (!isReached && !isDone())
            throw new SimulationFailedException($"liveness: within {time / 1_000_000} s after healing: {what}");
    }

    private bool IsSettled()
    {
        var statuses = _nodes.Select(n => n.Status!).ToArray();
        var last = statuses.Max(s => s.Last.Value);
        return statuses.Count(s => s.Role == RaftRole.Leader) == 1
            && statuses.All(s => s.Commit.Value == last && s.Applied.Value == last && s.Leader is not null)
            && _clients.All(c => c.IsIdle);
    }

    private void AskForEverything(SimulatedClient client)
    {
        for (var key = 0; key < Workload.Keys; key++)
            client.Ask(OperationKind.Get, Workload.KeyPath(key));

        foreach (var path in _history.Operations.Where(o => o.Kind == OperationKind.Create && o.Client == client.Id)
            .Select(o => o.Path).Distinct().ToArray())
            client.Ask(OperationKind.Exists, path);
    }

    private SimulatedNode NewNode(int id, SeededRandom random, NodeLimits limits)
    {
        var drift = _world.Shape.ClockDrift;
        var own = random.Fork();
        var clock = new SimulatedClock(_events, 1 - drift + (2 * drift * own.Fraction()));
        return new SimulatedNode(_world, id, own, limits, clock);
    }

    private static NodeLimits LimitsFor(RunShape shape) => NodeLimits.Default with
    {
        TickTime = TimeSpan.FromMilliseconds(1_000),
        SessionTimeoutMin = TimeSpan.FromMilliseconds(2_000),
        SegmentBytes = 48 * 1024,
        FirstSegmentBytes = shape.HasSmallLog ? 16 * 1024 : 32 * 1024,
        ZeroFillStepBytes = 16 * 1024,
        BackgroundFlushBytes = 16 * 1024,
        LogScanBytes = 16 * 1024,
        LogReadBytes = 4 * 1024,
        LogWindowBytes = shape.HasSmallLog ? 2_000 : 1 << 20,
        SnapshotTriggerBytes = shape.HasSmallLog ? 8 * 1024 : 256 * 1024,
        SnapshotTriggerFactor = 1,
        SnapshotStepZnodes = 7,
    };

    private string Describe(Exception failure, int nodes)
    {
        var text = new System.Text.StringBuilder();
        text.AppendLine($"seed {_seed} failed at {_events.Now / 1_000_000.0:F6} s: {failure.Message}");
        if (failure is not SimulationFailedException)
            text.AppendLine(failure.ToString());

        foreach (var node in _nodes)
            text.AppendLine($"node {node.Id}: {node.Status?.ToString() ?? "not running"}");

        text.AppendLine("replay: dotnet run --project tests/Coord.Simulation -c Release -- "
            + $"run --seeds 1 --from {_seed} --nodes {nodes} --trace");
        return text.ToString();
    }
}
