using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// What only some znodes need: those that have or had children, an owner, or an ACL of their own. Any other shares the
/// record that says so, with one exception: its pzxid is its czxid.
/// </summary>
internal struct RareFields
{
    public long Pzxid;

    /// <summary>
    /// Session of an ephemeral, <see cref="Znode.ContainerOwner"/>, <see cref="Znode.TtlOwner"/>, or 0.
    /// </summary>
    public long Owner;

    /// <summary>
    /// Children ever created by requests; the built-in ones are not counted (zookeeper-protocol 4.4).
    /// </summary>
    public long ChildrenCreated;

    /// <summary>Data bytes of all znodes below this one; kept by <see cref="SubtreeSums"/>.</summary>
    public long DescendantBytes;

    /// <summary>Znodes below this one, however deep.</summary>
    public int Descendants;

    public int Aversion;
    public int Acl;
    public int NumChildren;
    public int FirstChild;

    /// <summary>
    /// Sum of the lengths of the children's names, modulo 2^32: the size of a listing without walking it.
    /// </summary>
    public uint ChildNameBytes;

    /// <summary>Of an ephemeral its place in its session's list, of what may be swept its place among those.</summary>
    public int Place;

    public readonly bool IsEphemeral => Owner > 0;

    public readonly bool IsContainer => Owner == Znode.ContainerOwner;

    /// <summary>Whether the leader's sweep may delete it one day: a container, or one with a time to live.</summary>
    public readonly bool IsSweepable => Owner < 0;

    /// <summary>The time to live in milliseconds; 0 for a znode without one.</summary>
    public readonly long Ttl => IsSweepable && !IsContainer ? Owner & Znode.TtlMax : 0;

    /// <summary>cversion as shown: creations plus deletions, from what is kept (zookeeper-protocol 4).</summary>
    public readonly int Cversion => unchecked((int)((2 * ChildrenCreated) - NumChildren));

    /// <summary>Whether a znode with these fields, created at this zxid, needs no record of its own.</summary>
    public readonly bool IsPlain(long czxid) => Pzxid == czxid && Owner == 0 && Acl == AclTable.Open && Aversion == 0
        && ChildrenCreated == 0 && NumChildren == 0;

    /// <summary>
    /// Whether a sweep at <paramref name="timeMs"/> deletes it (zookeeper-protocol 9.2, 9.3): a container that had
    /// children and has none, or was never used for so long; one with a time to live that is over. Setting data renews
    /// both times.
    /// </summary>
    /// <param name="mtime">When its data was set.</param>
    /// <param name="timeMs">The leader's time.</param>
    /// <param name="neverUsedMs">How long a container waits for its first child; 0 for ever.</param>
    public readonly bool IsDue(long mtime, long timeMs, long neverUsedMs)
    {
        if (!IsSweepable || NumChildren > 0)
            return false;
        if (IsContainer)
            return ChildrenCreated > 0 || (neverUsedMs > 0 && timeMs - mtime > neverUsedMs);
        return timeMs - mtime > Ttl;
    }

    public readonly Stat ToStat(in Znode znode) => new(znode.Czxid, znode.Mzxid, znode.Ctime, znode.Mtime,
        znode.Version, Cversion, Aversion, IsEphemeral ? Owner : 0, znode.DataBytes, NumChildren, Pzxid);
}
