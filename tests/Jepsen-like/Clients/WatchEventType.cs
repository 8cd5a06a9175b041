namespace Coord.JepsenLike.Clients;

/// <summary>What servers tell of a znode (zookeeper-protocol 6.3).</summary>
internal enum WatchEventType
{
    Created = 1,
    Deleted = 2,
    DataChanged = 3,
    ChildrenChanged = 4,
}
