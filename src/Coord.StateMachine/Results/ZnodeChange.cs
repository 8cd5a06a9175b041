using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// One thing that watches may wait for. Which table it concerns follows from the type: Created and DataChanged the data
/// watches, ChildrenChanged the child watches, Deleted both (zookeeper-protocol 6.3).
/// </summary>
/// <param name="type">What happened.</param>
/// <param name="path">To which znode; for ChildrenChanged the parent.</param>
/// <param name="encodedAcl">The ACL of that znode, before a deletion; empty where everybody may read it.</param>
public readonly ref struct ZnodeChange(
    WatchEventType type, ReadOnlySpan<byte> path, ReadOnlySpan<byte> encodedAcl = default)
{
    private readonly ReadOnlySpan<byte> _encodedAcl = encodedAcl;

    /// <summary>What happened.</summary>
    public WatchEventType Type { get; } = type;

    /// <summary>To which znode; for ChildrenChanged the parent.</summary>
    public ReadOnlySpan<byte> Path { get; } = path;

    /// <summary>
    /// Whether somebody may be told: that takes the permission to read the znode (zookeeper-protocol 6.5). The one
    /// place where this is asked.
    /// </summary>
    public bool IsVisibleTo(scoped in Caller caller) =>
        _encodedAcl.IsEmpty || caller.May(_encodedAcl, Permission.Read);
}
