using System.Buffers.Binary;
using Coord.Node.Storage;

namespace Coord.Node.Peers;

/// <summary>
/// The frame around everything that nodes say to each other, little-endian:
/// <code>
///  0  u32  payload length
///  4  u32  CRC32C of bytes 8 to the end
///  8  u8   kind (PeerMessageKind)
///  9  u8   zero
/// 10  u16  zero
/// 12       payload
/// </code>
/// TCP's own checksum lets one bad segment in millions through; an entry damaged on the way would be stored as
/// committed.
/// </summary>
internal static class PeerFrame
{
    public const int HeaderBytes = 12;

    private const int ChecksumOffset = 4;
    private const int KindOffset = 8;

    /// <summary>
    /// Writes the header in front of a payload that is already in place; returns the frame's length.
    /// </summary>
    public static int Seal(Span<byte> frame, PeerMessageKind kind, int payloadBytes)
    {
        var length = HeaderBytes + payloadBytes;
        BinaryPrimitives.WriteInt32LittleEndian(frame, payloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(frame[KindOffset..], 0);
        frame[KindOffset] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(frame[ChecksumOffset..], Checksum.Of(frame[KindOffset..length]));
        return length;
    }

    /// <summary>
    /// Length of the frame that begins here, header included; 0 while the header is incomplete, -1 when it is longer
    /// than allowed. Asked before anything is allocated.
    /// </summary>
    public static int Measure(ReadOnlySpan<byte> bytes, int frameBytesMax)
    {
        if (bytes.Length < HeaderBytes)
            return 0;
        var payload = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return payload < 0 || payload > frameBytesMax - HeaderBytes ? -1 : HeaderBytes + payload;
    }

    /// <summary>Checks a whole frame and gives its kind and payload.</summary>
    public static bool TryOpen(ReadOnlyMemory<byte> frame, out PeerMessageKind kind, out ReadOnlyMemory<byte> payload)
    {
        kind = default;
        payload = default;
        var bytes = frame.Span;
        if (bytes.Length < HeaderBytes || Measure(bytes, int.MaxValue) != bytes.Length)
            return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != Checksum.Of(bytes[KindOffset..]))
            return false;
        if ((BinaryPrimitives.ReadUInt32LittleEndian(bytes[KindOffset..]) & 0xFFFF_FF00) != 0)
            return false;
        kind = (PeerMessageKind)bytes[KindOffset];
        payload = frame[HeaderBytes..];
        return true;
    }
}
