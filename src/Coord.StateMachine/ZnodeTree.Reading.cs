using System.Text;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <content>The reads: each sees the state behind the last entry, and all of it that its caller may see.</content>
public sealed partial class ZnodeTree
{
    /// <summary>
    /// The Stat of a znode: <see cref="ErrorCode.NoNode"/>, -8 for a path with NUL, or
    /// <see cref="ErrorCode.NoAuth"/> for who may not read it.
    /// </summary>
    public ErrorCode Exists(ReadOnlySpan<byte> path, scoped in Caller caller, out Stat stat)
    {
        stat = default;
        return path.Contains((byte)0) ? ErrorCode.BadArguments : FindForRead(path, caller, out _, out stat);
    }

    /// <summary>The same for the node itself.</summary>
    public ErrorCode Exists(ReadOnlySpan<byte> path, out Stat stat) => Exists(path, Caller.Node, out stat);

    /// <summary>
    /// The data of a znode, valid until the next entry or read; null data is empty with a flag.
    /// </summary>
    public ErrorCode TryGetData(
        ReadOnlySpan<byte> path, scoped in Caller caller, out ReadOnlySpan<byte> data, out bool isNull, out Stat stat)
    {
        data = default;
        isNull = false;
        var error = FindForRead(path, caller, out int slot, out stat);
        if (error != ErrorCode.Ok)
            return error;
        bool isUse = QuotaPaths.IsStats(path, out var of) && slot != Znode.None;
        isNull = slot != Znode.None && Store.Znodes[slot].DataLength < 0 && !isUse;
        data = isUse ? UseText(of) : slot != Znode.None ? Store.DataOf(slot) : Features.Span;
        return ErrorCode.Ok;
    }

    /// <summary>The same for the node itself.</summary>
    public ErrorCode TryGetData(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> data, out bool isNull, out Stat stat) =>
        TryGetData(path, Caller.Node, out data, out isNull, out stat);

    /// <summary>The children of a znode, valid until the next entry.</summary>
    public ErrorCode TryGetChildren(
        ReadOnlySpan<byte> path, scoped in Caller caller, out ChildList children, out Stat stat)
    {
        var error = FindForRead(path, caller, out int slot, out stat);
        children = error != ErrorCode.Ok || slot == Znode.None ? default : new ChildList(Store, slot);
        return error;
    }

    /// <summary>The same for the node itself.</summary>
    public ErrorCode TryGetChildren(ReadOnlySpan<byte> path, out ChildList children, out Stat stat) =>
        TryGetChildren(path, Caller.Node, out children, out stat);

    /// <summary>
    /// The ACL list of a znode as <c>vec&lt;ACL&gt;</c>, valid until the next entry. It takes the permission to read or
    /// to administer; without the latter the hashes of digest ids are not shown (zookeeper-protocol 8.5).
    /// </summary>
    public ErrorCode TryGetAcl(
        ReadOnlySpan<byte> path, scoped in Caller caller, out ReadOnlySpan<byte> encodedAcl, out Stat stat)
    {
        encodedAcl = default;
        var error = FindUnchecked(path, out int slot, out stat);
        if (error != ErrorCode.Ok)
            return error;
        int acl = slot == Znode.None ? AclTable.ReadOnly : Store.AclOf(slot);
        bool isAdministrator = caller.May(Store.Acls, acl, Permission.Admin);
        if (!isAdministrator && !caller.May(Store.Acls, acl, Permission.Read))
            return ErrorCode.NoAuth;
        encodedAcl = isAdministrator ? Store.Acls.Encoded(acl) : AclMask.Of(Store.Acls.Encoded(acl));
        return ErrorCode.Ok;
    }

    /// <summary>The same for the node itself.</summary>
    public ErrorCode TryGetAcl(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> encodedAcl, out Stat stat) =>
        TryGetAcl(path, Caller.Node, out encodedAcl, out stat);

    /// <summary>
    /// The paths of a session's ephemerals that begin with a prefix, as ZooKeeper's <c>vec&lt;str&gt;</c>; an empty
    /// prefix, one of blanks, and "/" mean all (zookeeper-protocol 2.3).
    /// </summary>
    /// <param name="sessionId">The session; one that has ended has none.</param>
    /// <param name="prefix">The beginning of a path, in bytes and not in components: "/a" is one of "/ab".</param>
    /// <param name="output">Receives the vector.</param>
    /// <param name="mostBytes">No more is written than about this.</param>
    /// <returns>False: there would be more, and what was written is of no use.</returns>
    public bool TryWriteEphemerals(
        long sessionId, ReadOnlySpan<byte> prefix, System.Buffers.IBufferWriter<byte> output, int mostBytes)
    {
        if (prefix.Trim(" \t\r\n"u8).IsEmpty)
            prefix = default;
        int count = 0;
        long bytes = 0;
        var ephemerals = SessionTable.Find(sessionId)?.Ephemerals ?? [];
        foreach (int slot in ephemerals)
        {
            var path = Store.PathOf(slot);
            if (!path.StartsWith(prefix))
                continue;
            count++;
            bytes += sizeof(int) + path.Length;
        }

        if (bytes > mostBytes)
            return false;
        var writer = new JuteWriter(output);
        writer.WriteVectorCount(count);
        foreach (int slot in ephemerals)
        {
            var path = Store.PathOf(slot);
            if (path.StartsWith(prefix))
                writer.WriteBuffer(path);
        }

        writer.Complete();
        return true;
    }

    /// <summary>
    /// Adds paths of a session's ephemerals to a list, from the place before <paramref name="end"/> backwards: walked
    /// so between entries, none that stays is passed over, and one may come twice.
    /// </summary>
    /// <param name="sessionId">A session; one that has ended has none.</param>
    /// <param name="end">At first anything as large as their number, then what the last call gave.</param>
    /// <param name="most">How many to add.</param>
    /// <param name="paths">Where they go.</param>
    /// <returns>Where to go on; 0 when done.</returns>
    public int CopyEphemerals(long sessionId, int end, int most, ICollection<string> paths)
    {
        var slots = SessionTable.Find(sessionId)?.Ephemerals;
        var position = Math.Min(end, slots?.Count ?? 0);
        for (; position > 0 && most > 0; most--)
            paths.Add(Encoding.UTF8.GetString(Store.PathOf(slots![--position])));
        return position;
    }

    /// <summary>
    /// Whether the caller may change the membership: that takes the permission to write <c>/zookeeper/config</c>
    /// (zookeeper-protocol 11).
    /// </summary>
    public bool MayReconfigure(in Caller caller) =>
        caller.May(Store.Acls, Store.AclOf(Store.Find(BuiltInPaths.Config)), Permission.Write);

    private ErrorCode FindForRead(ReadOnlySpan<byte> path, scoped in Caller caller, out int slot, out Stat stat)
    {
        var error = FindUnchecked(path, out slot, out stat);
        if (slot == Znode.None || caller.May(Store.Acls, Store.AclOf(slot), Permission.Read))
            return error;
        stat = default;
        return ErrorCode.NoAuth;
    }

    // Reads do not validate paths; the empty one means the root (zookeeper-protocol 2.3). The slot of the list of
    // features, which is no znode and which everybody may read, is None.
    private ErrorCode FindUnchecked(ReadOnlySpan<byte> path, out int slot, out Stat stat)
    {
        slot = Store.Find(path.IsEmpty ? BuiltInPaths.Root : path);
        bool isFeatures = slot == Znode.None && path.SequenceEqual(BuiltInPaths.Features);
        stat = slot != Znode.None ? StatOf(slot, path)
            : isFeatures ? default(RareFields).ToStat(new Znode { DataLength = Features.Length })
            : default;
        return slot != Znode.None || isFeatures ? ErrorCode.Ok : ErrorCode.NoNode;
    }
}
