using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>What operators read about the life of the process.</summary>
internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Information,
        "Coord {Version}, node {Node} of cluster '{Cluster}', process {Process}, start {Start}, data {Data}")]
    public static partial void Starting(
        ILogger logger, string version, int node, string cluster, int process, long start, string data);

    [LoggerMessage(101, LogLevel.Information,
        "Recovered log {First} to {Last}, snapshot {Snapshot}, {Znodes} znodes; {Cut} bytes of a torn tail cut")]
    public static partial void Recovered(
        ILogger logger, long first, long last, long snapshot, int znodes, long cut);

    [LoggerMessage(102, LogLevel.Information,
        "Serving clients on {Client}, peers on {Peer}, admin on {Admin}; started in {Milliseconds} ms")]
    public static partial void Serving(
        ILogger logger, NodeAddress client, NodeAddress peer, NodeAddress admin, long milliseconds);

    [LoggerMessage(103, LogLevel.Information, "Stopping")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(104, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(105, LogLevel.Warning, "Snapshot {Index} cannot be read; the one before is tried")]
    public static partial void SnapshotUnreadable(ILogger logger, long index);

    [LoggerMessage(106, LogLevel.Warning, "Damaged log segment dropped, a snapshot stands for it: {Segment}")]
    public static partial void SegmentDropped(ILogger logger, string segment);

    [LoggerMessage(108, LogLevel.Information, "Reading the log: entry {Entry} of {Last}")]
    public static partial void ReadingLog(ILogger logger, long entry, long last);

    [LoggerMessage(109, LogLevel.Information,
        "Founded cluster {ClusterId} in {Target}: {Znodes} znodes as of entry {Index}. Start the node with this data "
        + "directory, empty those of the others, start them, and let each in by POST /commands/members/add?id=N")]
    public static partial void FoundedAnew(ILogger logger, string clusterId, string target, int znodes, long index);

    [LoggerMessage(107, LogLevel.Error, "This node may have lost what it promised, and recovers: {Damage}")]
    public static partial void Damaged(ILogger logger, string damage);

    [LoggerMessage(110, LogLevel.Information, "Serving clients by TLS on {Secure}")]
    public static partial void ServingSecure(ILogger logger, NodeAddress secure);

    [LoggerMessage(111, LogLevel.Warning,
        "At most {Connections} connections of clients, not {Wanted} (maxCnxns): this process may open {Files} files "
        + "(ulimit -n)")]
    public static partial void FewOpenFiles(ILogger logger, int connections, int wanted, long files);

    [LoggerMessage(112, LogLevel.Error, "{Address}: its connection broke by an error of this node")]
    public static partial void ConnectionFailed(ILogger logger, string address, Exception failure);

    [LoggerMessage(113, LogLevel.Critical, "{Address}: accepts no connections any more, by an error of this node")]
    public static partial void AcceptingFailed(ILogger logger, string address, Exception failure);
}
