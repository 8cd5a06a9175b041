namespace Coord.Node.Metrics;

/// <summary>What is measured about clients. All times are in microseconds.</summary>
internal sealed class ClientMetrics
{
    /// <summary>Reads answered here, from receipt to reply.</summary>
    public Distribution ReadLatency { get; } = new();

    /// <summary>Writes asked for here, from receipt to reply.</summary>
    public Distribution UpdateLatency { get; } = new();

    /// <summary>Pings, syncs and what needs no tree, from receipt to reply.</summary>
    public Distribution OtherLatency { get; } = new();

    public Counter PacketsReceived { get; } = new();

    public Counter PacketsSent { get; } = new();

    /// <summary>Bytes of requests with their length prefixes.</summary>
    public Counter BytesReceived { get; } = new();

    /// <summary>Bytes of replies without their length prefixes.</summary>
    public Counter ResponseBytes { get; } = new();

    /// <summary>Bytes of watch events without their length prefixes.</summary>
    public Counter WatchBytes { get; } = new();

    public SizeRange ResponseSizes { get; } = new();

    /// <summary>Handshakes taken in.</summary>
    public Counter Handshakes { get; } = new();

    /// <summary>Handshakes of clients that come back with a session.</summary>
    public Counter Reattaches { get; } = new();

    /// <summary>Connections over a limit, closed at once. Counted by several threads.</summary>
    public Counter Rejected { get; } = new();

    /// <summary>Connections that their client or the network ended without closing the session.</summary>
    public Counter Dropped { get; } = new();

    /// <summary>Connections that sent no handshake in time. Counted by several threads.</summary>
    public Counter Sessionless { get; } = new();

    /// <summary>Frames over the limit, which end their connection. Counted by several threads.</summary>
    public Counter FramesRefused { get; } = new();

    public Counter AuthFailed { get; } = new();

    /// <summary>Connections from another machine that showed no certificate. Counted by several threads.</summary>
    public Counter PlainRemote { get; } = new();

    /// <summary>The same from this machine.</summary>
    public Counter PlainLocal { get; } = new();

    /// <summary>Watchers told by one creation.</summary>
    public Distribution CreatedWatchers { get; } = new();

    public Distribution DeletedWatchers { get; } = new();

    public Distribution ChangedWatchers { get; } = new();

    public Distribution ChildrenWatchers { get; } = new();

    /// <summary>All requests together.</summary>
    public DistributionReading Latency => ReadLatency.Read().With(UpdateLatency.Read()).With(OtherLatency.Read());
}
