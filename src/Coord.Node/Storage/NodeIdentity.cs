using System.Buffers.Binary;
using Coord.Node.Members;

namespace Coord.Node.Storage;

/// <summary>
/// Who the owner of a data directory is, and to which cluster it belongs (raft-design I1, I3, M14).
/// </summary>
internal sealed record NodeIdentity
{
    /// <summary>The format that this version writes, and the only one it reads.</summary>
    public const int Format = 2;

    private const ulong Magic = 0x314E4449_44524F43; // "CORDIDN1"
    private const int HeaderLength = 72;

    public required int Node { get; init; }

    /// <summary>Random bits drawn when the directory was made: another disk is another incarnation.</summary>
    public required UInt128 Incarnation { get; init; }

    /// <summary>The cluster's id, zero before its genesis.</summary>
    public UInt128 Cluster { get; init; }

    /// <summary>
    /// The founding nodes, as the cluster knew them when it began; none before the genesis. A node that joined later
    /// is not among them.
    /// </summary>
    public IReadOnlyList<Member> Genesis { get; init; } = [];

    /// <summary>Counts the changes of the identity: of two copies the higher one holds.</summary>
    public long Version { get; init; }

    public bool HasCluster => Cluster != UInt128.Zero;

    public LogIdentity LogIdentity => new(Cluster, Node, Incarnation);

    /// <summary>
    /// Layout: u64 magic, i32 format, i32 node, u128 incarnation, u128 cluster, i64 version, i32 length of the
    /// founding members, i32 zero, u32 CRC32C, u32 zero, then the founding members (<see cref="MemberDirectory"/>).
    /// </summary>
    public byte[] Encode()
    {
        var founders = new MemberDirectory(Genesis).Encode();
        var bytes = new byte[HeaderLength + founders.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Node);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(16), Incarnation);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(32), Cluster);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(56), founders.Length);
        founders.CopyTo(bytes, HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(64), Checksum.Of(bytes));
        return bytes;
    }

    /// <summary>The format of undamaged bytes, which may be newer than this version; null for others.</summary>
    public static int? FormatOf(byte[] bytes)
    {
        if (bytes.Length < HeaderLength)
            return null;
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(64));
        var copy = bytes.ToArray();
        copy.AsSpan(64, sizeof(uint)).Clear();
        return Checksum.Of(copy) == crc && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Magic
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8))
            : null;
    }

    /// <summary>The identity in the bytes, or null if they hold none that this version can read.</summary>
    public static NodeIdentity? Decode(byte[] bytes)
    {
        if (FormatOf(bytes) != Format)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(56));
        if (length != bytes.Length - HeaderLength
            || !MemberDirectory.TryDecode(bytes.AsMemory(HeaderLength), out var founders))
            return null;

        return new NodeIdentity
        {
            Node = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12)),
            Incarnation = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(16)),
            Cluster = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(32)),
            Version = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(48)),
            Genesis = founders.Members,
        };
    }

    public bool Equals(NodeIdentity? other) =>
        other is not null && Node == other.Node && Incarnation == other.Incarnation && Cluster == other.Cluster
        && Version == other.Version && Genesis.SequenceEqual(other.Genesis);

    public override int GetHashCode() => HashCode.Combine(Node, Incarnation, Cluster, Version, Genesis.Count);
}
