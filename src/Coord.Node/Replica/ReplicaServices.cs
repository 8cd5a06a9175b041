using Coord.Node.Admin;
using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Raft;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Replica;

/// <summary>
/// The replica's way to the outside: clock, log, links and background work. Production and the simulator each bring
/// their own; nothing else in the replica knows which of them it runs in.
/// </summary>
internal sealed record ReplicaServices
{
    public required TimeProvider Time { get; init; }

    public required NodeLimits Limits { get; init; }

    public required RaftSettings RaftSettings { get; init; }

    /// <summary>The log writer's queue.</summary>
    public required IReplicaLog Log { get; init; }

    public required IPeerLinks Links { get; init; }

    public required IReplicaBackground Background { get; init; }

    /// <summary>The way of replies and events to their sockets.</summary>
    public required IClientSends Sends { get; init; }

    /// <summary>Who clients are, and whom this node serves.</summary>
    public ClientAccess Access { get; init; } = ClientAccess.Open;

    /// <summary>What is measured, for words, commands and <c>/metrics</c>.</summary>
    public NodeMetrics Metrics { get; init; } = new();

    /// <summary>Where who did what is noted; null where it is not asked for.</summary>
    public AuditLog? Audit { get; init; }

    /// <summary>Makes session passwords: 16 random bytes.</summary>
    public required Func<byte[]> NewPassword { get; init; }

    /// <summary>Where changes of role and leader are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// Told when files of this node turn out to be damaged: it is to hand over, and to begin again as recovering
    /// (raft-design P22).
    /// </summary>
    public Action<string> Damaged { get; init; } = _ => { };

    /// <summary>
    /// Told when the log holds requests of this node under a higher start number than this process has: it is to begin
    /// again above that one (raft-design I9).
    /// </summary>
    public Action<long> StartOutdone { get; init; } = _ => { };

    /// <summary>Receives the node's status, published once per turn in which it changed.</summary>
    public required Action<NodeStatus> Publish { get; init; }
}
