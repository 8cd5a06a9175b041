namespace Coord.StateMachine;

/// <summary>The znodes that every tree has (zookeeper-protocol 4.4 and 5.2).</summary>
internal static class BuiltInPaths
{
    public static ReadOnlySpan<byte> Root => "/"u8;

    public static ReadOnlySpan<byte> ZooKeeper => "/zookeeper"u8;

    public static ReadOnlySpan<byte> Quota => "/zookeeper/quota"u8;

    public static ReadOnlySpan<byte> Config => "/zookeeper/config"u8;

    /// <summary>Readable, yet no znode: neither listed nor counted, and nothing can be created there.</summary>
    public static ReadOnlySpan<byte> Features => "/zookeeper/coord/features"u8;

    public static bool IsProtected(ReadOnlySpan<byte> path) => path.SequenceEqual(Root)
        || (path.StartsWith(ZooKeeper)
            && (path.SequenceEqual(ZooKeeper) || path.SequenceEqual(Quota) || path.SequenceEqual(Config)));
}
