using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// One znode as stored: 120 bytes without references. Its bytes are in the <see cref="BlockStore"/>, its place among
/// its siblings is a ring of slot numbers whose first member the parent knows.
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
    public long Pzxid;
    public long Ctime;
    public long Mtime;

    /// <summary>Session of an ephemeral, <see cref="ContainerOwner"/>, <see cref="TtlOwner"/>, or 0.</summary>
    public long Owner;

    /// <summary>
    /// Children ever created by requests; the built-in ones are not counted (zookeeper-protocol 4.4).
    /// </summary>
    public long ChildrenCreated;

    /// <summary>Data bytes of all znodes below this one; kept by <see cref="SubtreeSums"/>.</summary>
    public long DescendantBytes;

    /// <summary>Znodes below this one, however deep.</summary>
    public int Descendants;

    public int Version;
    public int Aversion;

    /// <summary>-1 for null data, which is not the same as empty data.</summary>
    public int DataLength;

    public int NumChildren;
    public int PathLength;
    public uint PathBlock;
    public uint DataBlock;
    public int Acl;
    public int Parent;
    public int FirstChild;
    public Link Siblings;

    /// <summary>
    /// Sum of the lengths of the children's names, modulo 2^32: the size of a listing without walking it.
    /// </summary>
    public uint ChildNameBytes;

    public readonly bool IsUsed => PathLength > 0;

    public readonly bool IsEphemeral => Owner > 0;

    public readonly bool IsContainer => Owner == ContainerOwner;

    /// <summary>Whether the leader's sweep may delete it one day: a container, or one with a time to live.</summary>
    public readonly bool IsSweepable => Owner < 0;

    /// <summary>The time to live in milliseconds; 0 for a znode without one.</summary>
    public readonly long Ttl => IsSweepable && !IsContainer ? Owner & TtlMax : 0;

    public readonly int DataBytes => Math.Max(DataLength, 0);

    /// <summary>
    /// Place in the owning session's list. An ephemeral has no children, so the link to them holds this instead.
    /// </summary>
    public int PlaceInSession { readonly get => FirstChild; set => FirstChild = value; }

    /// <summary>cversion as shown: creations plus deletions, from what is kept (zookeeper-protocol 4).</summary>
    public readonly int Cversion => unchecked((int)((2 * ChildrenCreated) - NumChildren));

    /// <summary>Owner of a znode with a time to live: ZooKeeper's own encoding (zookeeper-protocol 4.3).</summary>
    public static long TtlOwner(long ttlMs) => TtlMark | ttlMs;

    /// <summary>
    /// Whether a sweep at <paramref name="timeMs"/> deletes it (zookeeper-protocol 9.2, 9.3): a container that had
    /// children and has none, or was never used for so long; one with a time to live that is over. Setting data renews
    /// both times.
    /// </summary>
    /// <param name="timeMs">The leader's time.</param>
    /// <param name="neverUsedMs">How long a container waits for its first child; 0 for ever.</param>
    public readonly bool IsDue(long timeMs, long neverUsedMs)
    {
        if (!IsSweepable || NumChildren > 0)
            return false;
        if (IsContainer)
            return ChildrenCreated > 0 || (neverUsedMs > 0 && timeMs - Mtime > neverUsedMs);
        return timeMs - Mtime > Ttl;
    }

    public readonly Stat ToStat() => new(Czxid, Mzxid, Ctime, Mtime, Version, Cversion, Aversion,
        IsEphemeral ? Owner : 0, DataBytes, NumChildren, Pzxid);
}
