using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// One thing that watches may wait for. Which table it concerns follows from the type: Created and DataChanged the data
/// watches, ChildrenChanged the child watches, Deleted both (zookeeper-protocol 6.3).
/// </summary>
public readonly ref struct ZnodeChange(WatchEventType type, ReadOnlySpan<byte> path)
{
    /// <summary>What happened.</summary>
    public WatchEventType Type { get; } = type;

    /// <summary>To which znode; for ChildrenChanged the parent.</summary>
    public ReadOnlySpan<byte> Path { get; } = path;
}
