namespace Coord.JepsenLike.Clients;

/// <summary>A WatcherEvent of a server, and the zxid of its header (zookeeper-protocol 6.3).</summary>
internal readonly record struct WatchEvent(long Zxid, WatchEventType Type, string Path);
