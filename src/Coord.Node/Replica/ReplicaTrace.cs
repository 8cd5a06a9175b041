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

    [LoggerMessage(430, LogLevel.Error, "The log is damaged, and this node must recover: {Damage}")]
    public static partial void LogDamaged(ILogger logger, string damage);

    [LoggerMessage(431, LogLevel.Warning,
        "A damaged log segment is given up, the snapshot of entry {Snapshot} stands for it: {Damage}")]
    public static partial void SegmentGivenUp(ILogger logger, string damage, long snapshot);

    [LoggerMessage(432, LogLevel.Warning, "Snapshot {Index} is damaged and gone; a new one is taken: {Damage}")]
    public static partial void SnapshotDamaged(ILogger logger, long index, string damage);

    [LoggerMessage(433, LogLevel.Warning, "No room for snapshot {Index}: it is dropped, and tried again later")]
    public static partial void SnapshotFailed(ILogger logger, long index);

    [LoggerMessage(434, LogLevel.Warning,
        "The log holds requests of this node from start {Latest}, and this is start {Start}: it begins again above")]
    public static partial void StartOutdone(ILogger logger, long latest, long start);

    [LoggerMessage(435, LogLevel.Warning,
        "{Path} exceeds its quota: {Use} {Unit}, allowed are {Limit}; exceeded {Times} times since the last such line")]
    public static partial void QuotaExceeded(
        ILogger logger, string path, long use, string unit, long limit, long times);

    [LoggerMessage(436, LogLevel.Information,
        "Containers and znodes with a time to live stay while session 0x{Session:x} holds sweeps")]
    public static partial void SweepsHeld(ILogger logger, long session);

    [LoggerMessage(437, LogLevel.Information, "Sweeps go on: nobody holds them any more")]
    public static partial void SweepsGoOn(ILogger logger);

    [LoggerMessage(438, LogLevel.Error,
        "Node {Node} has another state than this leader at entry {Index}, though both applied the same log")]
    public static partial void StateOfNodeDiffers(ILogger logger, int node, long index);

    [LoggerMessage(439, LogLevel.Critical,
        "This node has another state at entry {Index} than the others, though it applied the same log: it stops. Keep "
        + "its data directory for a report, and let it in again on an empty one")]
    public static partial void StateDiffers(ILogger logger, long index);

    [LoggerMessage(401, LogLevel.Information,
        "Snapshot {Index} from node {From} replaces the state; client connections are closed and may come back")]
    public static partial void SnapshotInstalled(ILogger logger, long index, int from);
}
