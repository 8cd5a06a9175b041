using System.Buffers;
using System.Runtime.CompilerServices;

namespace Coord.StateMachine;

/// <summary>
/// A znode in a snapshot: u16 which of the rarer fields follow, i32 path length, i32 data length (-1 null), path, data,
/// i64 czxid, i64 ctime, then the rarer fields in the order of <see cref="Fields"/>.
/// </summary>
internal static class ZnodeCodec
{
    private const int FixedLength = sizeof(ushort) + (2 * sizeof(int)) + (2 * sizeof(long));
    private const int RareLengthMax = (5 * sizeof(long)) + (4 * sizeof(int));

    [Flags]
    private enum Fields
    {
        None = 0,
        Mzxid = 1,
        Pzxid = 2,
        Mtime = 4,
        Version = 8,
        Aversion = 16,
        Owner = 32,
        Acl = 64,
        Children = 128,
        All = 255,
    }

    /// <summary>Writes the znode in a slot and returns the number of bytes.</summary>
    public static int Write(ZnodeStore store, int slot, IBufferWriter<byte> output)
    {
        ref var znode = ref store.Znodes[slot];
        var path = store.PathOf(slot);
        var data = store.DataOf(slot);
        var rare = store.WholeRareOf(slot);
        var fields = FieldsOf(znode, rare);
        var writer = new LittleEndianWriter(output.GetSpan(FixedLength + path.Length + data.Length + RareLengthMax));
        writer.Write((ushort)fields);
        writer.Write(path.Length);
        writer.Write(znode.DataLength);
        writer.Write(path);
        writer.Write(data);
        writer.Write(znode.Czxid);
        writer.Write(znode.Ctime);
        WriteRare(ref writer, fields, znode, rare);
        output.Advance(writer.Length);
        return writer.Length;
    }

    /// <summary>Reads a znode's fields and where its bytes are; false when it is malformed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryRead(
        ref LittleEndianReader reader, out Znode znode, out RareFields rare, out ReadOnlySpan<byte> path,
        out ReadOnlySpan<byte> data)
    {
        znode = default;
        rare = default;
        path = data = default;
        if (!reader.TryRead(out ushort bits) || (bits & ~(int)Fields.All) != 0
            || !reader.TryRead(out int pathLength) || pathLength <= 0
            || !reader.TryRead(out znode.DataLength) || znode.DataLength < -1
            || !reader.TryRead(pathLength, out path)
            || !reader.TryRead(znode.DataBytes, out data)
            || !reader.TryRead(out znode.Czxid)
            || !reader.TryRead(out znode.Ctime))
            return false;

        znode.Mzxid = rare.Pzxid = znode.Czxid;
        znode.Mtime = znode.Ctime;
        return bits == 0 || TryReadRare(ref reader, (Fields)bits, ref znode, ref rare);
    }

    private static Fields FieldsOf(in Znode znode, in RareFields rare) =>
        (znode.Mzxid == znode.Czxid ? 0 : Fields.Mzxid)
        | (rare.Pzxid == znode.Czxid ? 0 : Fields.Pzxid)
        | (znode.Mtime == znode.Ctime ? 0 : Fields.Mtime)
        | (znode.Version == 0 ? 0 : Fields.Version)
        | (rare.Aversion == 0 ? 0 : Fields.Aversion)
        | (rare.Owner == 0 ? 0 : Fields.Owner)
        | (rare.Acl == 0 ? 0 : Fields.Acl)
        | (rare.ChildrenCreated == 0 && rare.NumChildren == 0 ? 0 : Fields.Children);

    private static void WriteRare(ref LittleEndianWriter writer, Fields fields, in Znode znode, in RareFields rare)
    {
        if ((fields & Fields.Mzxid) != 0)
            writer.Write(znode.Mzxid);
        if ((fields & Fields.Pzxid) != 0)
            writer.Write(rare.Pzxid);
        if ((fields & Fields.Mtime) != 0)
            writer.Write(znode.Mtime);
        if ((fields & Fields.Version) != 0)
            writer.Write(znode.Version);
        if ((fields & Fields.Aversion) != 0)
            writer.Write(rare.Aversion);
        if ((fields & Fields.Owner) != 0)
            writer.Write(rare.Owner);
        if ((fields & Fields.Acl) != 0)
            writer.Write(rare.Acl);
        if ((fields & Fields.Children) == 0)
            return;
        writer.Write(rare.ChildrenCreated);
        writer.Write(rare.NumChildren);
    }

    private static bool TryReadRare(
        ref LittleEndianReader reader, Fields fields, ref Znode znode, ref RareFields rare)
    {
        return ((fields & Fields.Mzxid) == 0 || reader.TryRead(out znode.Mzxid))
            && ((fields & Fields.Pzxid) == 0 || reader.TryRead(out rare.Pzxid))
            && ((fields & Fields.Mtime) == 0 || reader.TryRead(out znode.Mtime))
            && ((fields & Fields.Version) == 0 || reader.TryRead(out znode.Version))
            && ((fields & Fields.Aversion) == 0 || reader.TryRead(out rare.Aversion))
            && ((fields & Fields.Owner) == 0 || reader.TryRead(out rare.Owner))
            && ((fields & Fields.Acl) == 0 || reader.TryRead(out rare.Acl))
            && ((fields & Fields.Children) == 0
                || (reader.TryRead(out rare.ChildrenCreated) && reader.TryRead(out rare.NumChildren)));
    }
}
