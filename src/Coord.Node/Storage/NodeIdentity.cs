using System.Buffers.Binary;

namespace Coord.Node.Storage;

/// <summary>Who the owner of a data directory is, and to which cluster it belongs (raft-design I1, I3, M14).</summary>
internal sealed record NodeIdentity
{
    private const ulong Magic = 0x314E4449_44524F43; // "CORDIDN1"
    private const int Format = 1;
    private const int HeaderLength = 72;
    private const int MemberLength = 20;

    public required int Node { get; init; }

    /// <summary>Random bits drawn when the directory was made: another disk is another incarnation.</summary>
    public required UInt128 Incarnation { get; init; }

    /// <summary>The cluster's id, zero before its genesis.</summary>
    public UInt128 Cluster { get; init; }

    /// <summary>The founding nodes; none before the genesis.</summary>
    public IReadOnlyList<GenesisMember> Genesis { get; init; } = [];

    /// <summary>Counts the changes of the identity: of two copies the higher one holds.</summary>
    public long Version { get; init; }

    public bool HasCluster => Cluster != UInt128.Zero;

    public LogIdentity LogIdentity => new(Cluster, Node, Incarnation);

    /// <summary>
    /// Layout: u64 magic, i32 format, i32 node, u128 incarnation, u128 cluster, i64 version, i32 members, i32 zero,
    /// u32 CRC32C, u32 zero, then per member i32 node and u128 incarnation.
    /// </summary>
    public byte[] Encode()
    {
        var bytes = new byte[HeaderLength + (Genesis.Count * MemberLength)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Node);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(16), Incarnation);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(32), Cluster);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(56), Genesis.Count);
        for (var i = 0; i < Genesis.Count; i++)
        {
            var member = bytes.AsSpan(HeaderLength + (i * MemberLength));
            BinaryPrimitives.WriteInt32LittleEndian(member, Genesis[i].Node);
            BinaryPrimitives.WriteUInt128LittleEndian(member[4..], Genesis[i].Incarnation);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(64), Checksum.Of(bytes));
        return bytes;
    }

    /// <summary>The identity in the bytes, or null if they hold none that this version can read.</summary>
    public static NodeIdentity? Decode(byte[] bytes)
    {
        if (bytes.Length < HeaderLength)
            return null;

        var crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(64));
        var copy = bytes.ToArray();
        copy.AsSpan(64, sizeof(uint)).Clear();
        var members = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(56));
        if (Checksum.Of(copy) != crc || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)) != Format || members < 0
            || bytes.Length != HeaderLength + ((long)members * MemberLength))
            return null;

        var genesis = new GenesisMember[members];
        for (var i = 0; i < members; i++)
        {
            var member = bytes.AsSpan(HeaderLength + (i * MemberLength));
            genesis[i] = new GenesisMember(
                BinaryPrimitives.ReadInt32LittleEndian(member), BinaryPrimitives.ReadUInt128LittleEndian(member[4..]));
        }

        return new NodeIdentity
        {
            Node = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12)),
            Incarnation = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(16)),
            Cluster = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(32)),
            Version = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(48)),
            Genesis = genesis,
        };
    }

    public bool Equals(NodeIdentity? other) =>
        other is not null && Node == other.Node && Incarnation == other.Incarnation && Cluster == other.Cluster
        && Version == other.Version && Genesis.SequenceEqual(other.Genesis);

    public override int GetHashCode() => HashCode.Combine(Node, Incarnation, Cluster, Version, Genesis.Count);
}
