namespace Coord.StateMachine;

/// <summary>What an ACL entry can give (zookeeper-protocol 8.1); the numbers are ZooKeeper's bits.</summary>
internal enum Permission
{
    Read = 1,
    Write = 2,

    /// <summary>To create children.</summary>
    Create = 4,

    /// <summary>To delete children; the ACL of the child itself does not matter.</summary>
    Delete = 8,
    Admin = 16,
}
