using Coord.Protocol;

namespace Coord.Cli.Snapshots;

/// <summary>The containers and the znodes with a time to live that a ZooKeeper snapshot shows.</summary>
internal sealed class ZnodeKinds
{
    private const long Container = long.MinValue;
    private const ulong TtlMark = 0xFF00_0000_0000_0000;
    private const long TtlMask = 0xFF_FFFF_FFFF;

    private readonly Dictionary<string, (long Owner, long Czxid)> owners = new(StringComparer.Ordinal);

    /// <summary>Without a snapshot nothing is known, and all znodes are persistent.</summary>
    public static ZnodeKinds None { get; } = new();

    /// <summary>How many are known.</summary>
    public int Count => owners.Count;

    /// <summary>Notes a znode's <c>ephemeralOwner</c> as stored (zookeeper-protocol 4.3).</summary>
    public void Note(string path, long owner, long czxid)
    {
        if (owner == Container || ((ulong)owner & TtlMark) == TtlMark)
            owners[path] = (owner, czxid);
    }

    /// <summary>The kind of the znode that this czxid created; one created later is not the snapshot's.</summary>
    public CreateMode Of(string path, long czxid, out TimeSpan? ttl)
    {
        ttl = null;
        if (!owners.TryGetValue(path, out var known) || known.Czxid != czxid)
            return CreateMode.Persistent;
        if (known.Owner == Container)
            return CreateMode.Container;
        ttl = TimeSpan.FromMilliseconds(known.Owner & TtlMask);
        return CreateMode.PersistentWithTtl;
    }
}
