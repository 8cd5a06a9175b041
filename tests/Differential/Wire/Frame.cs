using System.Buffers.Binary;

namespace Coord.Differential.Wire;

/// <summary>A reply or an event, header taken apart (zookeeper-protocol 1.5).</summary>
internal sealed record Frame(byte[] Payload)
{
    public const int HeaderBytes = 16;
    public const int EventXid = -1;

    public int Xid => BinaryPrimitives.ReadInt32BigEndian(Payload);

    public long Zxid => BinaryPrimitives.ReadInt64BigEndian(Payload.AsSpan(4));

    public int Error => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(12));

    public RecordReader Body => new(Payload, HeaderBytes);
}
