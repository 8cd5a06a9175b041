using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Replica;

/// <summary>Log lines about the replica's place in the cluster: one per change.</summary>
internal static partial class ReplicaTrace
{
    [LoggerMessage(400, LogLevel.Information, "{Role} in term {Term}; leader: {Leader} (0: none known)")]
    public static partial void RoleChanged(ILogger logger, RaftRole role, long term, int leader);

    [LoggerMessage(402, LogLevel.Warning, "The oldest append has waited {Milliseconds} ms for its flush: a slow disk")]
    public static partial void FlushLate(ILogger logger, long milliseconds);

    [LoggerMessage(401, LogLevel.Information,
        "Snapshot {Index} from node {From} replaces the state; client connections are closed and may come back")]
    public static partial void SnapshotInstalled(ILogger logger, long index, int from);
}
