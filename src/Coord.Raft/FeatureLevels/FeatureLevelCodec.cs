using System.Buffers.Binary;

namespace Coord.Raft;

/// <summary>
/// Payload of an entry of kind <see cref="EntryKind.FeatureLevel"/>: the level, 4 bytes, little-endian.
/// </summary>
public static class FeatureLevelCodec
{
    private const int Bytes = 4;

    /// <summary>The payload that raises the cluster to a level.</summary>
    public static byte[] Encode(int level)
    {
        var payload = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(payload, level);
        return payload;
    }

    /// <summary>Reads a payload; false when it is none. Whether this build knows the level is not looked at.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out int level)
    {
        level = payload.Length == Bytes ? BinaryPrimitives.ReadInt32LittleEndian(payload) : 0;
        return level > 0;
    }
}
