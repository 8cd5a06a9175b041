using System.Buffers.Binary;

namespace Coord.Raft;

/// <summary>
/// Payload of an entry of kind <see cref="EntryKind.RecoveryPoint"/>: node (4 bytes) and start number of its process
/// (8 bytes), little-endian. The process is part of it: a node that loses its disk twice must not come back by the
/// entry that was made for the first time (raft-design P30).
/// </summary>
internal readonly record struct RecoveryPoint(NodeId Node, long ProcessStart)
{
    private const int Bytes = 4 + 8;

    public static RecoveryPoint Decode(ReadOnlySpan<byte> payload)
    {
        Invariant.Require(payload.Length == Bytes, "A recovery point that this version cannot read (I7).");
        return new RecoveryPoint(
            new NodeId(BinaryPrimitives.ReadInt32LittleEndian(payload)),
            BinaryPrimitives.ReadInt64LittleEndian(payload[4..]));
    }

    public byte[] Encode()
    {
        var payload = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(payload, Node.Value);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(4), ProcessStart);
        return payload;
    }
}
