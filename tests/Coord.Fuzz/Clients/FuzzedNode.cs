using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Coord.Node;
using Coord.Node.Admin;
using Coord.Node.Admin.Words;
using Coord.Node.Clients;
using Coord.Node.Hosting;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Coord.Node.Tests.Replica;
using Coord.Raft;
using Coord.StateMachine;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Fuzz.Clients;

/// <summary>A whole node behind its client port, alone in its cluster, on the caller's thread.</summary>
/// <remarks>
/// It is the synchronization context of that thread: what a connection puts off (<see cref="Task.Yield"/>) runs there
/// too, in its turn, and not some time later in the thread pool.
/// </remarks>
internal sealed class FuzzedNode : SynchronizationContext, IReplicaInbox
{
    private readonly LoneReplica _replica = new(processStart: 1);

    // Connections end on other threads, too.
    private readonly Queue<Action> _work = [];
    private readonly ClientEntrance _entrance;

    public FuzzedNode()
    {
        var metrics = new NodeMetrics();
        var settings = new NodeSettings(new NodeId(1), new ClusterConfig("fuzzed", []), "", NodeLimits.Default);
        var port = new ClientPort(
            this, NodeLimits.Default, ClientAccess.Open, metrics.Clients, NullLogger<ClientPort>.Instance)
        {
            TakesSessions = true,
        };
        port.Words = new FourLetterWords(
            new NodeFacts(settings, () => NodeStatus.Starting, metrics, port, () => null), WordList.Standard);
        _entrance = new ClientEntrance(port, tls: null);
    }

    public ZnodeTree Tree => _replica.Tree;

    public void Post(ReplicaInput input) => Add(() => _replica.Take(input));

    public override void Post(SendOrPostCallback callback, object? state) => Add(() => callback(state));

    public MemoryConnection Connect()
    {
        var connection = new MemoryConnection();
        connection.Serving = _entrance.AcceptAsync(connection);
        return connection;
    }

    /// <summary>Runs until nothing is left to do.</summary>
    public void Settle()
    {
        while (TryTake(out var next))
            next();
    }

    /// <summary>Runs until a connection has ended, on other threads too.</summary>
    /// <returns>False: it has not within the time.</returns>
    public bool Finish(MemoryConnection connection, TimeSpan patience)
    {
        _ = connection.Serving.ContinueWith(_ => Add(() => { }), TaskScheduler.Default);
        for (var since = Stopwatch.StartNew(); !connection.Serving.IsCompleted;)
        {
            Settle();
            lock (_work)
            {
                if (since.Elapsed >= patience)
                    return false;
                if (_work.Count == 0 && !connection.Serving.IsCompleted)
                    Monitor.Wait(_work, patience - since.Elapsed);
            }
        }

        Settle();
        return true;
    }

    private void Add(Action action)
    {
        lock (_work)
        {
            _work.Enqueue(action);
            Monitor.Pulse(_work);
        }
    }

    private bool TryTake([NotNullWhen(true)] out Action? next)
    {
        lock (_work)
            return _work.TryDequeue(out next);
    }
}
