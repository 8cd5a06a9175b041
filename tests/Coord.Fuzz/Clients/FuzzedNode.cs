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
internal sealed class FuzzedNode : IReplicaInbox
{
    private readonly LoneReplica _replica = new(processStart: 1);
    private readonly Queue<ReplicaInput> _inputs = new();
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

    // Connections end on other threads, too.
    public void Post(ReplicaInput input)
    {
        lock (_inputs)
            _inputs.Enqueue(input);
    }

    public MemoryConnection Connect()
    {
        var connection = new MemoryConnection();
        connection.Serving = _entrance.AcceptAsync(connection);
        return connection;
    }

    /// <summary>Runs until nothing is left to do.</summary>
    public void Settle()
    {
        while (TryTake() is { } input)
            _replica.Take(input);
    }

    private ReplicaInput? TryTake()
    {
        lock (_inputs)
            return _inputs.TryDequeue(out var input) ? input : null;
    }
}
