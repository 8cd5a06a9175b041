namespace Coord.StateMachine;

/// <summary>
/// One znode as stored: 64 bytes without references, and what most znodes have no use for in <see cref="RareFields"/>.
/// Its bytes are in the <see cref="BlockStore"/>, its place among its siblings is a ring of slot numbers whose first
/// member the parent knows.
/// </summary>
internal struct Znode
{
    /// <summary>No znode.</summary>
    public const int None = Ring.None;

    /// <summary>Owner of a container: ZooKeeper's own marker (zookeeper-protocol 4.3).</summary>
    public const long ContainerOwner = long.MinValue;

    /// <summary>The longest time to live, in milliseconds: 40 bits (zookeeper-protocol 2.2).</summary>
    public const long TtlMax = 0xFF_FFFF_FFFF;

    // What marks the owner of a znode with a time to live; the time stands in the bits below (4.3).
    private const long TtlMark = unchecked((long)0xFF00_0000_0000_0000);

    public long Czxid;
    public long Mzxid;
    public long Ctime;
    public long Mtime;
    public int Version;

    /// <summary>-1 for null data, which is not the same as empty data.</summary>
    public int DataLength;

    public int PathLength;

    /// <summary>Where the path is, and the data right behind it: who looks a znode up looks at both.</summary>
    public uint Block;

    public int Parent;

    /// <summary>Its record in the table of <see cref="RareFields"/>, 0 while it has none of its own.</summary>
    public int Rare;

    public Link Siblings;

    public readonly bool IsUsed => PathLength > 0;

    public readonly int DataBytes => Math.Max(DataLength, 0);

    public readonly int BlockBytes => PathLength + DataBytes;

    /// <summary>Owner of a znode with a time to live: ZooKeeper's own encoding (zookeeper-protocol 4.3).</summary>
    public static long TtlOwner(long ttlMs) => TtlMark | ttlMs;
}
