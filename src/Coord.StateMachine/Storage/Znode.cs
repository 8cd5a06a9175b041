using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// One znode as stored: 112 bytes without references. Its bytes are in the <see cref="BlockStore"/>, its place among
/// its siblings is a ring of slot numbers whose first member the parent knows.
/// </summary>
internal struct Znode
{
    /// <summary>No znode.</summary>
    public const int None = Ring.None;

    /// <summary>Owner of a container: ZooKeeper's own marker (zookeeper-protocol 4.3).</summary>
    public const long ContainerOwner = long.MinValue;

    public long Czxid;
    public long Mzxid;
    public long Pzxid;
    public long Ctime;
    public long Mtime;

    /// <summary>Session of an ephemeral, <see cref="ContainerOwner"/>, or 0.</summary>
    public long Owner;

    /// <summary>
    /// Children ever created by requests; the built-in ones are not counted (zookeeper-protocol 4.4).
    /// </summary>
    public long ChildrenCreated;

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

    /// <summary>Sum of the lengths of the children's names: the size of a listing without walking it.</summary>
    public int ChildNameBytes;

    public readonly bool IsUsed => PathLength > 0;

    public readonly bool IsEphemeral => Owner > 0;

    public readonly int DataBytes => Math.Max(DataLength, 0);

    /// <summary>
    /// Place in the owning session's list. An ephemeral has no children, so the link to them holds this instead.
    /// </summary>
    public int PlaceInSession { readonly get => FirstChild; set => FirstChild = value; }

    /// <summary>cversion as shown: creations plus deletions, from what is kept (zookeeper-protocol 4).</summary>
    public readonly int Cversion => unchecked((int)((2 * ChildrenCreated) - NumChildren));

    public readonly Stat ToStat() => new(Czxid, Mzxid, Ctime, Mtime, Version, Cversion, Aversion,
        IsEphemeral ? Owner : 0, DataBytes, NumChildren, Pzxid);
}
