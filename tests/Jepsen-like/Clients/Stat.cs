using System.Buffers.Binary;

namespace Coord.JepsenLike.Clients;

/// <summary>What rules ask of a znode's Stat (zookeeper-protocol 4).</summary>
internal readonly record struct Stat(
    long CreatedZxid, long ModifiedZxid, int Version, int ChildVersion, long EphemeralOwner, int Children,
    long ChildrenZxid)
{
    public static Stat Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes),
        BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[32..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[36..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[44..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[56..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[60..]));
}
