using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>A reading of <see cref="ConnectionCounters"/>, with ZooKeeper's values for what has not happened.</summary>
internal readonly record struct ConnectionFigures
{
    public ConnectionFigures()
    {
    }

    /// <summary>When the connection was taken in, in Unix milliseconds.</summary>
    public long EstablishedMs { get; init; }

    public long Received { get; init; }

    public long Sent { get; init; }

    /// <summary>The last operation answered; <see cref="OpCode.Error"/> before the first.</summary>
    public OpCode LastOp { get; init; } = OpCode.Error;

    public int LastXid { get; init; } = -1;

    public long LastZxid { get; init; } = -1;

    /// <summary>When it was answered, on the node's monotonic clock.</summary>
    public long LastResponseMs { get; init; }

    /// <summary>Since then.</summary>
    public long IdleMs { get; init; }

    public long LastLatencyMs { get; init; }

    public long MinLatencyMs { get; init; }

    public long AverageLatencyMs { get; init; }

    public long MaxLatencyMs { get; init; }
}
