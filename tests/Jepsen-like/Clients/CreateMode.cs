namespace Coord.JepsenLike.Clients;

/// <summary>The flags of create (zookeeper-protocol 2.2).</summary>
internal enum CreateMode
{
    Persistent = 0,
    Ephemeral = 1,
    PersistentSequential = 2,
    EphemeralSequential = 3,
}
