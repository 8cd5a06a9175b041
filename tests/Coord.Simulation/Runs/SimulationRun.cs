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
/// One seed: a cluster with clients and faults, then faults heal, first of a quorum and then of all, and everything
/// must go well again (raft-design T7).
/// </summary>
internal sealed class SimulationRun
{
    /// <summary>Fewer operations than this test nothing: clients go on until there are as many.</summary>
    private const int OperationsMin = 300;

    private const long LeaderTime = 8_000_000;
    private const long HealTime = 30_000_000;
    private const long FinalReadTime = 15_000_000;

    private readonly ulong _seed;
    private readonly RunOptions _options;
    private readonly EventQueue _events = new();
    private readonly History _history = new();
    private readonly SeededRandom _random;
    private readonly SimulatedWorld _world;
    private readonly SimulatedNode[] _nodes;
    private readonly SimulatedClient[] _clients;
    private readonly Nemesis _nemesis;

    private SimulationRun(ulong seed, RunOptions options)
    {
        _seed = seed;
        _options = options;
        _random = new SeededRandom(seed);
        var shape = options.Apply(RunShape.Draw(_random.Fork(), options.Nodes));
        _world = new SimulatedWorld
        {
            Events = _events,
            Trace = new Trace(options.Output),
            Shape = shape,
            Checker = new RaftChecker(shape.NodesInAll, FoundingOf(shape)),
            Offices = new OfficeChecker(_events, shape),
            Sessions = new SessionChecker(_events, _history, shape.Has(FaultKind.ClockRates) ? shape.ClockDrift : 0),
        };
        _world.Membership = () => _world.Checker.Membership;
        _world.Tell(shape.ToString());
        _nodes = Enumerable.Range(1, shape.NodesInAll).Select(NewNode).ToArray();
        _world.Network = new SimulatedNetwork(_events, shape, _random.Fork(), _world.Trace, _nodes);
        _world.Transfers = new SnapshotTransfers(_world, _random.Fork());
        _world.Transfers.Bind(_nodes);
        _world.Nodes = _nodes;
        var members = _nodes.Take(shape.Nodes).Select(n => SimulatedNode.MemberOf(n.Id, n.Incarnation)).ToArray();
        foreach (var node in _nodes)
        {
            if (node.Id <= shape.Nodes)
                node.Found(members);

            node.Start();
        }

        _clients = Enumerable.Range(1, shape.Clients)
            .Select(id => new SimulatedClient(id, _world, _random.Fork(), _history, _nodes))
            .ToArray();
        _nemesis = new Nemesis(_world, _random.Fork(), _nodes, _clients);
    }

    /// <summary>Runs the seed; throws when a promise is broken.</summary>
    public static RunReport Run(ulong seed, RunOptions? options = null)
    {
        var run = new SimulationRun(seed, options ?? RunOptions.Default);
        try
        {
            return run.Run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new SimulationFailedException(run.Describe(e), e);
        }
    }

    private RunReport Run()
    {
        foreach (var path in Workload.Shared)
            _clients[0].Ask(new Request(OperationKind.Create, path));

        RunUntil(_world.Shape.FaultTime, () => false);
        if (_world.Shape.HealsQuorumFirst && DrawQuorum() is { Length: > 1 } quorum)
            HealQuorum(quorum);

        Heal(_nodes);
        _nemesis.Repair();
        RequireWithin(HealTime, () => _history.Answered >= OperationsMin, $"{OperationsMin} answers");
        foreach (var client in _clients)
            client.IsQuiet = true;

        RequireWithin(HealTime, () => IsWhole() && HasNoOldSession(), "equal states, no session left over");
        RequireWithin(HealTime, () => IsWhole() && HasNothingToSweep(), "equal states, nothing left to sweep");
        foreach (var client in _clients)
            AskForEverything(client);

        RequireWithin(FinalReadTime, IsWhole, "the final reads");
        CheckHistory();
        return Report();
    }

    // A majority must do without the others (raft-design T7): a leader, answers, equal states.
    private void HealQuorum(SimulatedNode[] quorum)
    {
        Heal(quorum);
        foreach (var client in _clients)
        {
            client.Use(quorum);
            client.IsQuiet = true;
        }

        RequireWithin(HealTime, () => IsSettled(quorum), "equal states in the quorum that healed");
        foreach (var client in _clients)
        {
            client.Use(_nodes);
            client.IsQuiet = false;
        }
    }

    // A node that lost its disk counts for nothing until the others have helped it (raft-design P30), and a learner is
    // made a voter when it can be: one that heals later could have become one that counts just before. While the
    // membership changes nobody can say who is a quorum.
    private SimulatedNode[] DrawQuorum()
    {
        if (_world.IsChanging() || _world.Membership() is not { } membership)
            return [];

        var voters = Members().Where(n => membership.IsVoter(new NodeId(n.Id))).ToArray();
        if (Members().Except(voters).Any(n => n.IsDamaged))
            return [];

        var needed = (voters.Length / 2) + 1;
        var quorum = voters.Where(n => !n.IsDamaged).OrderBy(_ => _random.Next()).Take(needed).ToArray();
        return voters.Length < 3 || quorum.Length < needed
            ? []
            : [.. quorum.Concat(Members().Except(voters)).OrderBy(n => n.Id)];
    }

    private SimulatedNode[] Members() =>
        [.. _nodes.Where(n => _world.Membership()?.Contains(new NodeId(n.Id)) ?? false)];

    // Everybody who is to be a voter is one, recovered from whatever befell it.
    private bool IsWhole() => Members() is { Length: > 0 } members && IsSettled(members)
        && members.All(n => !n.IsRecovering && _world.Membership()!.IsVoter(new NodeId(n.Id)));

    private static Membership FoundingOf(RunShape shape) =>
        Membership.OfVoters([.. Enumerable.Range(1, shape.Nodes).Select(id => new NodeId(id))]);

    private void Heal(IReadOnlyList<SimulatedNode> healed)
    {
        _nemesis.Heal(healed);
        RequireWithin(LeaderTime, () => healed.Any(n => n.IsLeader), "a leader");
    }

    private void CheckHistory()
    {
        FinalChecker.Check(_history, _clients, Members());
        HistoryChecker.Check(_history);
        WatchChecker.Check(_history);
        _world.Counters.Undecided = LinearizabilityChecker.Check(_history);
    }

    private RunReport Report()
    {
        var counters = _world.Counters;
        counters.MembershipChanges = _world.Checker.MembershipChanges;
        counters.Elections = _world.Checker.Elections;
        counters.Committed = _world.Checker.Committed;
        counters.Resumed = _world.Transfers.Resumed;
        counters.Expired = _world.Sessions.Expired;
        counters.Answered = _history.Answered;

        // Clients do not delete them.
        var timed = _history.Operations.Count(o => o is { Kind: OperationKind.CreateTtl, Succeeded: true });
        counters.Swept = Math.Max(0, timed - Members()[0].Replica!.Tree.SweepableCount);
        return new RunReport(_seed, _world.Trace.Hash, counters, _events.Processed, _history.Answered);
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

    private bool IsSettled(IReadOnlyList<SimulatedNode> nodes)
    {
        if (nodes.Any(n => !n.IsRunning) || nodes.Count(n => n.IsLeader) != 1)
            return false;

        var last = nodes.Max(n => n.Status!.Last.Value);
        return nodes.All(n => n.Status is { Leader: not null } s && s.Commit.Value == last && s.Applied.Value == last)
            && _clients.All(c => c.IsIdle);
    }

    // A session that its client forgot, or never heard of, ends by itself.
    private bool HasNoOldSession() => Members().All(n =>
        n.Replica!.Tree.Sessions.All(s => _clients.Any(c => c.Session.Id == s.Id)));

    // What is due by the leader's clock is gone in the end; a clock that jumped may have made others last longer.
    private bool HasNothingToSweep()
    {
        var leader = Members().First(n => n.IsLeader);
        var now = leader.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var tree = leader.Replica!.Tree;
        return Enumerable.Range(0, tree.SweepableCount).All(
            place => !tree.IsSweepDue(place, now, neverUsedMs: 0, out _));
    }

    private void AskForEverything(SimulatedClient client)
    {
        for (var key = 0; key < Workload.Keys; key++)
            client.Ask(new Request(OperationKind.Get, Workload.KeyPath(key)) { IsSynced = true });

        client.Ask(new Request(OperationKind.Children, Workload.Queue) { IsSynced = true });
        var owned = _history.Operations.Where(o => o.Client == client.Id && o.Kind == OperationKind.Create
            && o.Path.StartsWith("/own-", StringComparison.Ordinal)).Select(o => o.Path).Distinct();
        foreach (var path in owned.ToArray())
            client.Ask(new Request(OperationKind.Exists, path) { IsSynced = true });
    }

    private SimulatedNode NewNode(int id)
    {
        var drift = _world.Shape.ClockDrift;
        var own = _random.Fork();
        var rate = 1 - drift + (2 * drift * own.Fraction());
        var clock = new SimulatedClock(_events, _world.Shape.Has(FaultKind.ClockRates) ? rate : 1);
        return new SimulatedNode(_world, id, own, clock);
    }

    private string Describe(Exception failure)
    {
        var text = new System.Text.StringBuilder();
        text.AppendLine($"seed {_seed} failed at {_events.Now / 1_000_000.0:F6} s: {failure.Message}");
        text.AppendLine($"shape: {_world.Shape.Describe()}");
        if (failure is not SimulationFailedException)
            text.AppendLine(failure.ToString());

        foreach (var node in _nodes)
            text.AppendLine($"node {node.Id}: {node}");

        foreach (var client in _clients)
            text.AppendLine($"client {client.Id}: {client}");

        var membership = _world.Membership()?.ToString() ?? "not settled";
        text.AppendLine($"committed {_world.Checker.Committed}, membership {membership}");
        text.Append("replay: dotnet run --project tests/Coord.Simulation -c Release -- "
            + $"run --seeds 1 --from {_seed}{_options.Arguments()} --trace");
        return text.ToString();
    }
}
