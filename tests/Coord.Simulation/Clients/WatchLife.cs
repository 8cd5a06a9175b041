namespace Coord.Simulation.Clients;

/// <summary>What a watch is for; ZooKeeper restores the three kinds apart after a reconnect.</summary>
internal enum WatchSubject
{
    /// <summary>A znode that was there.</summary>
    Data,

    /// <summary>A znode that was not there.</summary>
    Existence,

    /// <summary>The children of a znode.</summary>
    Children,
}

/// <summary>One watch, from the read that left it to its event, or to the end of its session.</summary>
internal sealed class WatchLife
{
    public required int Client { get; init; }

    public required int SessionNumber { get; init; }

    public required WatchSubject Subject { get; init; }

    public required string Path { get; init; }

    /// <summary>The state that the read saw: every later change must be told.</summary>
    public required long SetAtZxid { get; init; }

    /// <summary>The newest state that the client was shown while it had no event.</summary>
    public long ShownZxid { get; set; }

    /// <summary>The type of its event, 0 while there was none.</summary>
    public int EventType { get; set; }

    /// <summary>When the event came.</summary>
    public long EventAt { get; set; }

    public override string ToString() =>
        $"client {Client}.{SessionNumber} watch on {Subject} of {Path}, set at zxid {SetAtZxid}, shown up to "
        + $"{ShownZxid}, event {EventType} at {EventAt}";
}
